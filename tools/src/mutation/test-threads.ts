import { Worker } from 'node:worker_threads';
import type { RunOrder, RunResult } from './test-run.js';

const RUNNER = new URL('./test-run.js', import.meta.url);
const HEAP_MB = 768;

/** Modules that were loaded stay in memory as long as their thread. */
const RUNS_PER_THREAD = 150;

/** One thread for tests at a time: a new one when it was used up, or died of a mutant. */
export class TestThread {
  private worker: Worker | undefined;
  private runs = 0;

  constructor(private readonly folder: string) {}

  /** Null when the time is up. A thread that dies of the mutant has noticed it. */
  async run(order: RunOrder, timeoutMs: number): Promise<RunResult | null> {
    if (this.runs >= RUNS_PER_THREAD) await this.end();
    this.worker ??= new Worker(RUNNER, {
      workerData: { folder: this.folder },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.runs += 1;
    const result = await answerOf(this.worker, order, timeoutMs);
    if (result === null || result === 'died') await this.end();
    if (result !== 'died') return result;
    const record = { name: 'thread', milliseconds: 0, failure: 'died', reached: [] };
    return { reachedAtStart: [], tests: [record] };
  }

  async end(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.runs = 0;
    await worker?.terminate();
  }
}

function answerOf(
  worker: Worker,
  order: RunOrder,
  timeoutMs: number,
): Promise<RunResult | 'died' | null> {
  return new Promise((resolve) => {
    const done = (result: RunResult | 'died' | null) => {
      clearTimeout(timer);
      worker.off('message', done).off('error', died).off('exit', died);
      resolve(result);
    };
    const timer = setTimeout(() => done(null), timeoutMs);
    const died = () => done('died');
    worker.once('message', done);
    worker.once('error', died);
    worker.once('exit', died);
    worker.postMessage(order);
  });
}
