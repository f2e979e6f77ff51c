import { setTimeout as pause } from 'node:timers/promises';
import type {
  Age,
  BenchEvent,
  ContestantReport,
  FromContestant,
  Job,
  Load,
  ToContestant,
} from './protocol.js';

/** What every handler does, ours and others': waits as the message asks, and is counted. */
export type Work = (event: BenchEvent) => Promise<void> | undefined;

export interface Running {
  /** Called after the warm-up only; afterwards the process simply ends. */
  stop(): Promise<unknown>;
  notes?(): string[];
}

/** Starts to consume `load`; resolves when it is consuming. */
export type Begin = (load: Load, job: Job, work: Work) => Promise<Running>;

/** What a contestant has handled, and how long after it was due. */
class Tally {
  readonly counts = new Map<string, number>();
  readonly ages: Age[] = [];
  handled = 0;
  private readonly all = Promise.withResolvers<void>();

  constructor(private readonly expected: number) {}

  readonly work: Work = (event) => {
    const { waitMs } = event.data;
    if (waitMs > 0) return pause(waitMs).then(() => this.count(event));
    this.count(event);
    return undefined;
  };

  get complete(): Promise<void> {
    return this.all.promise;
  }

  private count({ id, tenant, data }: BenchEvent): void {
    this.handled += 1;
    this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    if (data.dueAtMs > 0) this.ages.push({ tenant, ms: clockMs() - data.dueAtMs });
    if (this.counts.size === this.expected) this.all.resolve();
  }
}

/** Milliseconds since 1970 with a fraction; the same for all processes of one machine. */
export function clockMs(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Runs one contestant in this process at the command of the bench: a warm-up on a queue of its
 * own, then the messages that count, then the report.
 */
export function contend(begin: Begin): void {
  const orders = new Orders();
  const run = async () => {
    const { job } = await orders.next('prepare');
    if (job.warmUp.messages > 0) {
      const warm = new Tally(job.warmUp.messages);
      const warming = await begin(job.warmUp, job, warm.work);
      await warm.complete;
      await warming.stop();
    }
    const tally = new Tally(job.main.messages);
    send({ kind: 'ready' });
    await orders.next('go');
    const cpu = process.cpuUsage();
    const running = await begin(job.main, job, tally.work);
    const stopped = orders.next('stop');
    const measured = tally.complete.then(() => {
      const used = process.cpuUsage(cpu);
      send({ kind: 'done' });
      return used;
    });
    await stopped;
    const used = await Promise.race([measured, process.cpuUsage(cpu)]);
    send({ kind: 'report', report: reportOf(tally, used, running.notes?.() ?? []) });
  };
  run().catch((error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ kind: 'failed', message });
  });
  // The bench ends its contestants, and a contestant must not outlive the bench.
  process.on('disconnect', () => process.exit(0));
}

function reportOf(tally: Tally, used: NodeJS.CpuUsage, notes: string[]): ContestantReport {
  return {
    handled: tally.handled,
    distinct: tally.counts.size,
    cpuMs: (used.user + used.system) / 1000,
    ages: tally.ages,
    notes,
  };
}

function send(message: FromContestant): void {
  process.send?.(message);
}

/** The bench's messages, in order, for whoever waits for the next. */
class Orders {
  private readonly arrived: ToContestant[] = [];
  private wake: (() => void) | undefined;

  constructor() {
    process.on('message', (order: ToContestant) => {
      this.arrived.push(order);
      this.wake?.();
    });
  }

  async next<K extends ToContestant['kind']>(kind: K): Promise<Extract<ToContestant, { kind: K }>> {
    while (this.arrived[0]?.kind !== kind) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return this.arrived.shift() as Extract<ToContestant, { kind: K }>;
  }
}
