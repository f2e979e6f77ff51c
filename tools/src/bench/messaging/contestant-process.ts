import { type ChildProcess, fork } from 'node:child_process';
import type { ContestantReport, FromContestant, Job, ToContestant } from './protocol.js';

/** A contestant in a process of its own. */
export class ContestantProcess {
  private readonly child: ChildProcess;
  private readonly arrived: FromContestant[] = [];
  private readonly ended: Promise<never>;
  private wake: (() => void) | undefined;
  private output = '';

  constructor(file: URL, name: string) {
    this.child = fork(file, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Our collector's address would make some of them export traces.
      env: { ...process.env, NODE_OPTIONS: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    });
    const keep = (chunk: Buffer) => (this.output += chunk.toString('utf8'));
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.child.on('message', (message: FromContestant) => {
      this.arrived.push(message);
      this.wake?.();
    });
    this.ended = new Promise((_, reject) => {
      this.child.once('exit', (code, signal) => {
        reject(new Error(`${name} ended (${signal ?? code}).\n${this.output.slice(-3000)}`));
      });
    });
    // It is waited for only while something is expected.
    this.ended.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** What it wrote: warnings of a library that was used wrongly would show here. */
  get written(): string {
    return this.output;
  }

  /** Resolves when it is warm and waits for the start. */
  async prepare(job: Job): Promise<void> {
    this.send({ kind: 'prepare', job });
    await this.expect('ready');
  }

  go(): void {
    this.send({ kind: 'go' });
  }

  /** Resolves when every message has been handled. */
  async done(): Promise<void> {
    await this.expect('done');
  }

  async report(): Promise<ContestantReport> {
    this.send({ kind: 'stop' });
    return (await this.expect('report')).report;
  }

  /** Its queues and tables go with it, so nothing needs to be put in order. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended.catch(() => undefined);
  }

  private send(order: ToContestant): void {
    this.child.send(order);
  }

  private async expect<K extends FromContestant['kind']>(
    kind: K,
  ): Promise<Extract<FromContestant, { kind: K }>> {
    for (;;) {
      const at = this.arrived.findIndex((message) => message.kind === kind);
      const [message] = at < 0 ? [] : this.arrived.splice(at, 1);
      if (message) return message as Extract<FromContestant, { kind: K }>;
      const failed = this.arrived.find((one) => one.kind === 'failed');
      if (failed?.kind === 'failed') throw new Error(failed.message);
      await Promise.race([this.ended, new Promise<void>((resolve) => (this.wake = resolve))]);
    }
  }
}
