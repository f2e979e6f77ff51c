import { createHash } from 'node:crypto';
import type { FaultName, FaultSettings } from './fault-settings.js';

/** One fault that was injected: with the seed, all it takes to decide the same again. */
export interface Decision {
  fault: FaultName;
  identity: string;
  /** How often the identity had come by for this fault, from 1. */
  occurrence: number;
}

/** Decisions kept to be read; all are counted. */
const KEPT_DECISIONS = 200;

/** A number from 0 to below 1 that depends on what is given alone, and on nothing else. */
export function drawOf(seed: number, fault: string, identity: string, occurrence: number): number {
  const text = `${seed}\n${fault}\n${identity}\n${occurrence}`;
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

/**
 * Decides what happens to what. A decision hangs on the seed, the fault, the identity of the thing
 * and how often it came by, never on what came in between: other traffic changes nothing.
 */
export class Decisions {
  private readonly occurrences = new Map<string, number>();
  private readonly counts = new Map<FaultName, number>();
  private readonly kept: Decision[] = [];

  constructor(
    private readonly seed: number,
    private readonly settings: () => FaultSettings,
  ) {}

  /** Whether the fault happens to the thing this time; no more than `limit` times come into it. */
  happens(fault: FaultName, identity: string, limit = Infinity): boolean {
    const rate = this.settings()[fault];
    if (rate <= 0) return false;
    const key = `${fault}\n${identity}`;
    const occurrence = (this.occurrences.get(key) ?? 0) + 1;
    this.occurrences.set(key, occurrence);
    if (occurrence > limit || drawOf(this.seed, fault, identity, occurrence) >= rate) return false;
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    if (this.kept.length < KEPT_DECISIONS) this.kept.push({ fault, identity, occurrence });
    return true;
  }

  /** A size for a fault that happens: a whole number from `low` to `high`. */
  size(fault: FaultName, identity: string, low: number, high: number): number {
    const occurrence = this.occurrences.get(`${fault}\n${identity}`) ?? 1;
    const draw = drawOf(this.seed, `${fault} size`, identity, occurrence);
    return low + Math.floor(draw * (Math.max(low, high) - low + 1));
  }

  get made(): readonly Decision[] {
    return [...this.kept];
  }

  tally(): Partial<Record<FaultName, number>> {
    return Object.fromEntries(this.counts) as Partial<Record<FaultName, number>>;
  }
}
