import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { prepareDatabases } from '../../start/databases.js';
import { type Backends, environmentOf } from '../../start/environment.js';
import { addressOf, type Layout, PROCESSES, type ProcessName, ROOT } from '../../start/layout.js';
import { readRunFile } from '../../start/run-file.js';
import type { Secrets } from '../../start/secrets.js';
import { freePort } from '../../servers/ports.js';
import { pause, waitUntil } from './wait-until.js';

/** The processes of the platform by name, and more of the same kind beside them. */
export class Processes {
  private readonly extra = new Set<ChildProcess>();
  private backends: Promise<Backends> | undefined;

  constructor(
    private readonly layout: Layout,
    private readonly secrets: Secrets,
    private readonly env: Record<string, string>,
  ) {}

  /** Changes when the supervisor starts a process again. */
  pid(name: string): number {
    const pid = readRunFile(this.layout.folder)?.pids[name];
    if (pid === undefined) throw new Error(`There is no process ${name}.`);
    return pid;
  }

  signal(name: string, signal: NodeJS.Signals): number {
    const pid = this.pid(name);
    process.kill(pid, signal);
    return pid;
  }

  isReady(name: ProcessName): Promise<boolean> {
    return answersOk(`${addressOf(this.layout.ports[name])}/ready`);
  }

  /** Another process than `pid` runs and is ready. */
  isBack(name: ProcessName, pid: number, timeoutMs = 30_000): Promise<boolean> {
    return waitUntil(async () => this.pid(name) !== pid && (await this.isReady(name)), timeoutMs);
  }

  async allReady(timeoutMs: number): Promise<boolean> {
    const names = PROCESSES.map(({ name }) => name);
    return waitUntil(async () => {
      const ready = await Promise.all(names.map((name) => this.isReady(name)));
      return ready.every(Boolean);
    }, timeoutMs);
  }

  /** Whether a process is there; a stopped one is. */
  isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * A second process of a service, with a port of its own and the same queues and database, from
   * this build or another. Resolves when it is ready, with what ends it.
   */
  async another(name: ProcessName, root = ROOT): Promise<() => Promise<void>> {
    this.backends ??= this.findBackends();
    const given = { ...process.env, ...this.env };
    const env = environmentOf(name, this.layout, this.secrets, await this.backends, given);
    const port = await freePort();
    const log = createWriteStream(join(this.layout.folder, 'logs', `${name}-2.log`), {
      flags: 'a',
    });
    const main = join(root, 'apps', name, 'dist', 'src', 'main.js');
    const child = spawn(process.execPath, [main], {
      env: { ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.extra.add(child);
    if (!(await waitUntil(() => answersOk(`${addressOf(port)}/ready`), 60_000, 200))) {
      throw new Error(`A second ${name} did not get ready: see logs/${name}-2.log.`);
    }
    return () => this.end(child);
  }

  private async findBackends(): Promise<Backends> {
    const { postgresPort, emulatorPort } = this.layout;
    const { postgresPassword, databasePassword } = this.secrets;
    const admin = `postgres://postgres:${postgresPassword}@127.0.0.1:${postgresPort}/postgres`;
    const databases = await prepareDatabases(admin, databasePassword);
    return { databases, awsEndpoint: addressOf(emulatorPort) };
  }

  async endExtra(): Promise<void> {
    await Promise.all([...this.extra].map((child) => this.end(child)));
  }

  private async end(child: ChildProcess): Promise<void> {
    this.extra.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await Promise.race([ended, pause(25_000)]);
    child.kill('SIGKILL');
  }
}

async function answersOk(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1500) }).then(
    (answer) => answer.ok,
    () => false,
  );
}
