import type { Arena } from '../arena/arena.js';
import type { PlantedFact } from '../check/facts.js';
import type { History } from '../load/history.js';
import type { Load } from '../load/load.js';
import type { School } from '../load/school.js';

/** What a fault has at hand while the load goes on. */
export interface FaultContext {
  arena: Arena;
  history: History;
  load: Load;
  /** The school the load is of. */
  school: School;
  /** One that is left alone, for who must not notice what happens to the other. */
  quiet: School;
  seed: number;
  /** About how long the fault should last. */
  windowMs: number;
  /** A number from 0 to below 1 that the seed decides. */
  chance(what: string): number;
  plant(message: PlantedFact): void;
  /** Remembers the dead letters there are, for the check at the end: they are about to go. */
  keepLetters(): Promise<void>;
  /** A build of the version before; undefined: the present one stands in for it. */
  previous: string | undefined;
}

export interface Verdict {
  holds: boolean;
  /** What was seen, with its numbers. */
  saw: string;
}

export interface Finding extends Verdict {
  /** What was done, and how often. */
  injected: Record<string, number>;
  /** Judged again once everything is quiet. */
  later?: () => Promise<Verdict>;
}

export interface Fault {
  name: string;
  about: string;
  /** Injects the fault, ends it, and says whether its own invariant held. */
  run(context: FaultContext): Promise<Finding>;
}

/** The fault cannot be injected here; the message says what it would take. */
export class CannotInject extends Error {}
