import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { newId, notFound, Refusal } from '@parlance/kernel';
import {
  type DeadLetter,
  type LetterFilter,
  type LetterGroup,
  type Move,
  NO_COUNTS,
  QueueMissing,
} from '@parlance/messaging';
import { Database, LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import {
  entriesOf,
  insertRun,
  interruptRuns,
  latestRuns,
  noteEntries,
  runById,
  updateRun,
} from './db/letter-runs.store.js';
import { DeadLetters, type LetterPlace, MOVE_LIMIT } from './dead-letters.js';
import {
  addCounts,
  type EntryOutcome,
  type LetterRun,
  type RunEntry,
  type RunFilter,
  saysSomething,
} from './domain/letter-run.js';

export interface RunOrder {
  action: LetterRun['action'];
  operator: string;
  reason: string | null;
  filter: RunFilter;
  ratePerSecond: number;
}

/** What a run would do now. */
export interface DryRun {
  groups: LetterGroup[];
  matched: number;
  /** Of them, those a redrive would refuse. */
  tooOld: number;
  isComplete: boolean;
}

const MAX_RUNS = 4;
const MAX_SHOWN = 1000;
/** Longest that closing waits for the batches under way. */
const CLOSE_MS = 8000;

/**
 * Redrives and discards. Each works in the background and is written down before it touches a
 * letter: without its database on-call moves none.
 */
@Injectable()
export class LetterRuns implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly running = new Map<string, { run: LetterRun; end: Promise<void> }>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly letters: DeadLetters,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const left = await this.write(interruptRuns).catch(() => 0);
    if (left > 0) this.logger.warn({ runs: left }, 'runs over dead letters were interrupted');
  }

  /** Lets the batches under way end, so that what became of their letters is known. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    const ends = [...this.running.values()].map(({ end }) => end);
    await Promise.race([Promise.all(ends), patience]);
    clearTimeout(timer);
  }

  /** Touches nothing. Throws a Refusal as `start` does. */
  async dryRun(filter: RunFilter): Promise<DryRun> {
    requireFilter(filter);
    const found = await this.letters.groups(letterFilter(filter), MOVE_LIMIT);
    return {
      groups: found.groups,
      matched: found.letters.length,
      tooOld: found.groups.reduce((sum, { tooOld }) => sum + tooOld, 0),
      isComplete: found.isComplete,
    };
  }

  /**
   * Begins; the answer is the run as it begins. Throws a Refusal: 400 without a filter or with an
   * unknown queue, 409 while another run has one of the queues, 429 when many are under way.
   */
  async start(order: RunOrder): Promise<LetterRun> {
    requireFilter(order.filter);
    const places = this.letters.placesOf(letterFilter(order.filter));
    if (this.running.size >= MAX_RUNS || this.stopping.signal.aborted) {
      const detail = `At most ${MAX_RUNS} redrives and discards are under way at once.`;
      throw new Refusal('too-many-requests', 'too-many-runs', detail, [], 10);
    }
    const leave = this.letters.occupy(places);
    const run: LetterRun = {
      id: newId(),
      ...order,
      state: 'running',
      counts: { ...NO_COUNTS },
      isComplete: false,
      fault: null,
      startedAt: new Date().toISOString(),
      finishedAt: null,
    };
    try {
      await this.write((tx) => insertRun(tx, run));
    } catch (error) {
      leave();
      throw error;
    }
    const end = this.work(run, places).finally(() => {
      leave();
      this.running.delete(run.id);
    });
    this.running.set(run.id, { run, end });
    return { ...run };
  }

  /** As it is now. Throws a Refusal (404). */
  async run(id: string): Promise<LetterRun> {
    const running = this.running.get(id)?.run;
    const run = running ?? (await this.write((tx) => runById(tx, id)));
    if (run === undefined) throw notFound('run');
    return { ...run };
  }

  /** The letters it has seen to so far, up to a bound. */
  entries(id: string, limit = MAX_SHOWN): Promise<RunEntry[]> {
    return this.write((tx) => entriesOf(tx, id, limit));
  }

  /** The latest first. */
  latest(limit: number): Promise<LetterRun[]> {
    return this.write((tx) => latestRuns(tx, limit));
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ end }) => end));
  }

  private async work(run: LetterRun, places: readonly LetterPlace[]): Promise<void> {
    const faults: string[] = [];
    let isComplete = true;
    for (const place of places) {
      if (this.stopping.signal.aborted) break;
      try {
        const result = await this.letters.move(place, this.moveOf(run), run.reason ?? '');
        isComplete &&= result.isComplete;
      } catch (error) {
        isComplete = false;
        const isExpected = error instanceof QueueMissing && run.filter.queue === undefined;
        if (!isExpected) faults.push(faultOf(place, error));
        if (!('service' in place)) this.logger.error({ error, run: run.id }, 'a run met a fault');
      }
    }
    run.isComplete = isComplete && !this.stopping.signal.aborted;
    run.state = this.stopping.signal.aborted ? 'stopped' : faults.length > 0 ? 'failed' : 'done';
    run.fault = faults.length > 0 ? faults.join(' ').slice(0, 1000) : null;
    run.finishedAt = new Date().toISOString();
    await this.write((tx) => updateRun(tx, run)).catch((error: unknown) => {
      this.logger.error({ error, run: run.id }, 'the end of a run was not written down');
    });
    const { id, action, operator, state, counts } = run;
    this.logger.info({ run: id, action, operator, state, counts }, 'a run over dead letters ended');
  }

  private moveOf(run: LetterRun): Move {
    return {
      action: run.action,
      filter: letterFilter(run.filter),
      perSecond: run.ratePerSecond,
      signal: this.stopping.signal,
      before: (letters) => this.note(run, letters, () => 'begun'),
      after: async (settled) => {
        const outcomes = new Map(settled.map(({ letter, outcome }) => [letter, outcome]));
        for (const { outcome } of settled) run.counts = addCounts(run.counts, one(outcome));
        await this.note(run, [...outcomes.keys()], (letter) => outcomes.get(letter) ?? 'begun');
      },
    };
  }

  private note(
    run: LetterRun,
    letters: DeadLetter[],
    outcomeOf: (letter: DeadLetter) => EntryOutcome,
  ): Promise<void> {
    const entries = letters.map((letter) => ({
      letterId: letter.id,
      queue: letter.queue,
      eventId: letter.eventId,
      type: letter.type,
      institutionId: letter.institutionId,
      fingerprint: letter.fingerprint,
      outcome: outcomeOf(letter),
    }));
    return this.write(async (tx) => {
      await noteEntries(tx, run.id, entries);
      await updateRun(tx, run);
    });
  }

  private write<R>(work: Parameters<typeof this.database.outsideInstitutions<R>>[0]): Promise<R> {
    return this.database.outsideInstitutions(work);
  }
}

function one(outcome: keyof LetterRun['counts']): LetterRun['counts'] {
  return { ...NO_COUNTS, [outcome]: 1 };
}

function requireFilter(filter: RunFilter): void {
  if (saysSomething(filter)) return;
  const detail =
    'Say which letters: by queue, type, institution, fingerprint, since or id. Nothing is moved ' +
    'without.';
  throw new Refusal('invalid', 'filter-required', detail);
}

/** As messaging understands it. */
export function letterFilter({ since, id, institutionId, ...rest }: RunFilter): LetterFilter {
  return {
    ...rest,
    id: id?.toLowerCase(),
    institutionId: institutionId?.toLowerCase(),
    since: since === undefined ? undefined : new Date(since),
  };
}

function faultOf(place: LetterPlace, error: unknown): string {
  if (error instanceof QueueMissing) return error.message;
  const kind = error instanceof Error ? error.name : typeof error;
  return `${place.name}: it ended early (${kind}).`;
}
