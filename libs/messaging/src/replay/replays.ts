import { type Id, idTimeMs, isId, notFound, Refusal } from '@parlance/kernel';
import type { ResolvedConfig } from '../config.js';
import type { TransactionSource } from '../transaction.js';
import type { ReplayMode } from './admission.store.js';
import {
  type ReplaySelection,
  type ReplayState,
  ReplayStore,
  type ReplayView,
} from './replay.store.js';

export interface ReplayRequest extends Omit<ReplaySelection, 'types'> {
  /** The id under which the consumer has admitted it. */
  id: Id;
  consumer: string;
  mode: ReplayMode;
  /** Everything this service tells that consumer when left out. */
  types?: readonly string[];
  /** Events a second, 1 to 10,000. */
  ratePerSecond?: number;
  reason: string;
  createdBy: string;
}

export type SelectionRequest = Pick<
  ReplayRequest,
  'consumer' | 'mode' | 'types' | 'from' | 'to' | 'key' | 'institutionId'
>;

/** How many events of a type fall on a UTC day. */
export interface DayCount {
  type: string;
  day: string;
  events: number;
}

const DEFAULT_RATE = 100;
const MAX_RATE = 10_000;
const LIST_LIMIT = 50;

/** From which states an operator may bring a replay into which. */
const MOVES: Record<'running' | 'paused' | 'cancelled', ReplayState[]> = {
  running: ['paused'],
  paused: ['running'],
  cancelled: ['running', 'paused'],
};

/**
 * Replays of what this service has told, each to one consumer. Creating one only writes it down;
 * ReplaySender sends. The consumer must have admitted it before, or its events have no effect.
 */
export class Replays {
  private readonly store: ReplayStore;

  constructor(
    private readonly config: Pick<ResolvedConfig, 'events' | 'service'>,
    transactions: TransactionSource,
  ) {
    this.store = new ReplayStore(transactions);
  }

  /** The same id again answers what there is, so that a lost answer can be asked for once more. */
  async create(request: ReplayRequest): Promise<ReplayView> {
    if (!isId(request.id) || Number.isNaN(idTimeMs(request.id))) {
      throw invalid('id', 'must be a UUID of version 7');
    }
    const { ratePerSecond = DEFAULT_RATE } = request;
    if (!Number.isInteger(ratePerSecond) || ratePerSecond < 1 || ratePerSecond > MAX_RATE) {
      throw invalid('ratePerSecond', `must be a whole number from 1 to ${MAX_RATE}`);
    }
    const id = request.id.toLowerCase();
    const types = this.typesOf(request);
    return (
      (await this.store.insert({ ...request, id, types, ratePerSecond })) ?? (await this.show(id))
    );
  }

  /** What would be sent, without sending it. */
  async preview(request: SelectionRequest): Promise<DayCount[]> {
    const types = this.typesOf(request);
    return this.store.count({ ...request, types }, request.mode === 'rebuild');
  }

  list(): Promise<ReplayView[]> {
    return this.store.latest(LIST_LIMIT);
  }

  async show(id: Id): Promise<ReplayView> {
    const view = isId(id) ? await this.store.find(id) : undefined;
    if (view === undefined) throw notFound('replay');
    return view;
  }

  /** Takes effect with the next batch: a sender asks before each whether it may go on. */
  async setState(id: Id, state: 'running' | 'paused' | 'cancelled'): Promise<ReplayView> {
    const before = await this.show(id);
    if (before.state === state) return before;
    const after = await this.store.setState(before.id, MOVES[state], state);
    if (after !== undefined) return after;
    const detail = `The replay ${before.id} is ${before.state}; it cannot become ${state}.`;
    throw new Refusal('conflict', 'replay-state', detail);
  }

  private typesOf(request: SelectionRequest): string[] {
    const { service, events } = this.config;
    const told = events.filter(
      (event) => event.owner === service && event.consumers.some((one) => one === request.consumer),
    );
    if (told.length === 0) {
      throw invalid('consumer', `${service} tells ${request.consumer} nothing`);
    }
    const known = told.map((event): string => event.type);
    const { types = known } = request;
    const foreign = types.find((type) => !known.includes(type));
    if (foreign !== undefined) {
      throw invalid('types', `${service} does not tell ${request.consumer} of ${foreign}`);
    }
    if (types.length === 0) throw invalid('types', 'must name a type');
    checkBounds(request);
    return [...new Set(types)];
  }
}

function checkBounds({ mode, from, to, key, institutionId }: SelectionRequest): void {
  for (const [name, value] of Object.entries({ from, to })) {
    if (value !== undefined && Number.isNaN(Date.parse(value))) {
      throw invalid(name, 'must be an instant such as 2026-03-01T00:00:00Z');
    }
  }
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
    throw invalid('to', 'must lie after from');
  }
  if (institutionId !== undefined && !isId(institutionId)) {
    throw invalid('institutionId', 'must be a UUID');
  }
  const part = Object.entries({ from, to, key, institutionId }).find(([, value]) => value);
  if (mode === 'rebuild' && part !== undefined) {
    throw invalid(part[0], 'a rebuild takes all of history: what is left out would be lost');
  }
}

function invalid(field: string, detail: string): Refusal {
  return new Refusal('invalid', 'invalid-replay', `${field}: ${detail}.`, [
    { pointer: `/${field}`, detail },
  ]);
}
