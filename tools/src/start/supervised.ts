import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';

const KEPT_LINES = 15;

const ASK_EVERY_MS = 250;

/** Restarts within a minute after which a process is given up. */
const MAX_RESTARTS = 5;

export interface Launch {
  name: string;
  command: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Asked until it answers 200; absent: the process says by message that it is ready. */
  readyUrl?: string;
}

export interface Failure {
  name: string;
  reason: string;
  lastLines: string[];
  logFile: string;
}

/**
 * One child process: its log, whether it is ready, and its restart when it dies after it was. It
 * runs in a process group of its own, so that Ctrl-C in a terminal reaches the supervisor alone.
 */
export class Supervised {
  private child: ChildProcess | undefined;
  private readonly log: WriteStream;
  private readonly lines: string[] = [];
  private stopping = false;
  private restarts: number[] = [];
  private startedOnce = false;

  constructor(
    private readonly launch: Launch,
    private readonly events: {
      failed(failure: Failure): void;
      restarted(name: string, reason: string): void;
      spawned(name: string, pid: number): void;
    },
  ) {
    this.log = createWriteStream(launch.logFile, { flags: 'a' });
  }

  /** Resolves when it is ready; rejects with a Failure when it ends before that. */
  async start(): Promise<void> {
    const ended = this.spawn();
    const ready = this.launch.readyUrl === undefined ? this.message() : this.answers();
    await Promise.race([ready, ended]);
    this.startedOnce = true;
  }

  private spawn(): Promise<never> {
    const [file = '', ...args] = this.launch.command;
    const child = spawn(file, args, {
      env: this.launch.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.child = child;
    if (child.pid !== undefined) this.events.spawned(this.launch.name, child.pid);
    child.stdout?.on('data', (chunk: Buffer) => this.keep(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.keep(chunk));
    return new Promise((_, reject) => {
      child.once('error', (error) => reject(this.failure(error.message)));
      child.once('exit', (code, signal) => {
        const reason = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
        if (this.startedOnce && !this.stopping) this.revive(reason);
        // Whoever no longer waits for the start must not get an unhandled rejection.
        else if (!this.startedOnce) reject(this.failure(reason));
      });
    });
  }

  private revive(reason: string): void {
    const now = Date.now();
    this.restarts = [...this.restarts.filter((at) => now - at < 60_000), now];
    if (this.restarts.length > MAX_RESTARTS) {
      this.events.failed(this.failure(`${reason}, ${MAX_RESTARTS} times within a minute`));
      return;
    }
    this.events.restarted(this.launch.name, reason);
    const delay = 200 * 2 ** (this.restarts.length - 1);
    setTimeout(() => {
      if (!this.stopping) void this.spawn().catch(() => undefined);
    }, delay);
  }

  /** SIGTERM, and SIGKILL when it has not ended in time. */
  async stop(patienceMs = 24_000): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(timer);
    this.log.end();
  }

  private message(): Promise<void> {
    return new Promise((resolve) => this.child?.once('message', () => resolve()));
  }

  private async answers(): Promise<void> {
    const url = this.launch.readyUrl as string;
    for (;;) {
      const ok = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
        (response) => response.ok,
        () => false,
      );
      if (ok || this.stopping) return;
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  }

  private keep(chunk: Buffer): void {
    this.log.write(chunk);
    this.lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
    this.lines.splice(0, Math.max(0, this.lines.length - KEPT_LINES));
  }

  private failure(reason: string): Failure {
    const { name, logFile } = this.launch;
    return { name, reason, lastLines: [...this.lines], logFile };
  }
}
