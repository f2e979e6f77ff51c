/** What became of one letter. `begun`: it was about to be moved, and nobody knows what came of it. */
export type EntryOutcome =
  'begun' | 'redriven' | 'discarded' | 'too-old' | 'failed' | 'not-deleted';

export type RunCounts = Record<Exclude<EntryOutcome, 'begun'>, number>;

/**
 * `stopped`: on-call was shut down in order; `interrupted`: it died; `failed`: something did not
 * answer, or could not be written down.
 */
export type RunState = 'running' | 'done' | 'stopped' | 'failed' | 'interrupted';

/** Which letters a run is about, as it was asked for. */
export interface RunFilter {
  queue?: string | undefined;
  type?: string | undefined;
  institutionId?: string | undefined;
  fingerprint?: string | undefined;
  /** RFC 3339 instant. */
  since?: string | undefined;
  id?: string | undefined;
}

/** One redrive or discard: who, when, why, which letters, and what came of it. */
export interface LetterRun {
  id: string;
  action: 'redrive' | 'discard';
  operator: string;
  reason: string | null;
  filter: RunFilter;
  ratePerSecond: number;
  state: RunState;
  counts: RunCounts;
  /** False when there may be more letters that the filter means. */
  isComplete: boolean;
  /** Why it failed or what it could not reach; null when nothing was wrong. */
  fault: string | null;
  startedAt: string;
  finishedAt: string | null;
}

export interface RunEntry {
  letterId: string;
  queue: string;
  eventId: string | null;
  type: string | null;
  institutionId: string | null;
  fingerprint: string;
  outcome: EntryOutcome;
  at: string;
}

/** Whether a filter says anything: a run over everything is asked for by mistake. */
export function saysSomething(filter: RunFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** Whether every letter had the end that was asked for. */
export function isClean({ state, counts }: Pick<LetterRun, 'state' | 'counts'>): boolean {
  const amiss = counts['too-old'] + counts.failed + counts['not-deleted'];
  return state === 'done' && amiss === 0;
}

export function addCounts(one: RunCounts, other: RunCounts): RunCounts {
  const names = Object.keys(one) as (keyof RunCounts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as RunCounts;
}
