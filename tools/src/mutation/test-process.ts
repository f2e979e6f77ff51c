import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunOrder, RunResult } from './test-run.js';

const RUNNER = fileURLToPath(new URL('./test-run.js', import.meta.url));
const HEAP_MB = 768;

/** Modules that were loaded stay in memory as long as their process. */
const RUNS_PER_PROCESS = 150;

/**
 * One process for tests at a time: a new one when it was used up, or died of a mutant. A thread
 * would not do: one that allocates without end may take the whole process with it.
 */
export class TestProcess {
  private child: ChildProcess | undefined;
  private runs = 0;

  constructor(private readonly folder: string) {}

  /** Null when the time is up. A process that dies of the mutant has noticed it. */
  async run(order: RunOrder, timeoutMs: number): Promise<RunResult | null> {
    if (this.runs >= RUNS_PER_PROCESS) this.end();
    this.child ??= fork(RUNNER, [this.folder], {
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      // What a dying process says of its stack is nobody's business.
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    });
    this.runs += 1;
    const result = await answerOf(this.child, order, timeoutMs);
    if (result === null || result === 'died') this.end();
    if (result !== 'died') return result;
    const record = { name: 'process', milliseconds: 0, failure: 'died', reached: [] };
    return { reachedAtStart: [], tests: [record] };
  }

  end(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.runs = 0;
  }
}

function answerOf(
  child: ChildProcess,
  order: RunOrder,
  timeoutMs: number,
): Promise<RunResult | 'died' | null> {
  return new Promise((resolve) => {
    const done = (result: unknown) => {
      clearTimeout(timer);
      child.off('message', done).off('error', died).off('exit', died);
      resolve(result as RunResult | 'died' | null);
    };
    const timer = setTimeout(() => done(null), timeoutMs);
    const died = () => done('died');
    child.once('message', done);
    child.once('error', died);
    child.once('exit', died);
    child.send(order);
  });
}
