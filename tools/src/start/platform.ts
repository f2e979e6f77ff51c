import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { portFault } from '../servers/ports.js';
import { prepareDatabases } from './databases.js';
import { type Backends, environmentOf } from './environment.js';
import { addressOf, type Layout, mainOf, PROCESSES } from './layout.js';
import { removeRunFile, writeRunFile } from './run-file.js';
import { type Secrets, secretsIn } from './secrets.js';
import { type Failure, Supervised } from './supervised.js';

/** Ten processes share one machine here: young objects get less room than a server's default. */
const NODE_FLAGS = ['--max-semi-space-size=4', '--max-old-space-size=256'];

export interface Progress {
  step(text: string): void;
  failed(failure: Failure): void;
}

/** Something the person at the terminal can mend; the message says what and how. */
export class CannotStart extends Error {}

/** All processes of the platform on this machine. */
export class Platform {
  readonly secrets: Secrets;
  private readonly servers: Supervised[] = [];
  private readonly services: Supervised[] = [];
  private readonly pids: Record<string, number> = {};
  private running = false;

  private constructor(
    private readonly layout: Layout,
    private readonly progress: Progress,
  ) {
    this.secrets = secretsIn(layout.folder);
  }

  static prepare(layout: Layout, fresh: boolean, progress: Progress): Platform {
    try {
      if (fresh) rmSync(layout.folder, { recursive: true, force: true });
      mkdirSync(join(layout.folder, 'logs'), { recursive: true });
      // PostgreSQL may run as another user and has to get through to its own folder.
      chmodSync(layout.folder, 0o755);
      return new Platform(layout, progress);
    } catch (error) {
      const { code, path } = error as NodeJS.ErrnoException;
      throw new CannotStart(
        `The data folder cannot be written (${code ?? 'error'} at ${path ?? layout.folder}).\n` +
          'Give yourself the right to write there, or choose another: npm start -- --data DIR',
      );
    }
  }

  async start(): Promise<void> {
    const external = process.env.DATABASE_URL;
    const emulated = process.env.AWS_ENDPOINT_URL === undefined && !process.env.AWS_REGION;
    await this.requirePorts(external === undefined, emulated);
    this.progress.step('starting PostgreSQL and the SNS/SQS/S3 emulator');
    await Promise.all([
      external === undefined ? this.startPostgres() : undefined,
      emulated ? this.startEmulator() : undefined,
    ]);
    const backends = await this.prepareBackends(external, emulated);
    this.progress.step('starting the services');
    await Promise.all(PROCESSES.map(({ name }) => this.startService(name, backends)));
    this.running = true;
    this.writeRunFile();
  }

  /** Services first, so that their last messages still find queues and databases. */
  async stop(): Promise<void> {
    removeRunFile(this.layout.folder);
    await Promise.all(this.services.map((service) => service.stop(19_000)));
    await Promise.all(this.servers.map((server) => server.stop(5_000)));
  }

  private async prepareBackends(
    external: string | undefined,
    emulated: boolean,
  ): Promise<Backends> {
    const { postgresPassword, databasePassword } = this.secrets;
    const own = `postgres://postgres:${postgresPassword}@127.0.0.1:${this.layout.postgresPort}/postgres`;
    const adminUrl = external ?? own;
    try {
      return {
        databases: await prepareDatabases(adminUrl, databasePassword),
        awsEndpoint: emulated ? addressOf(this.layout.emulatorPort) : process.env.AWS_ENDPOINT_URL,
      };
    } catch (error) {
      const where = external === undefined ? 'the embedded PostgreSQL' : 'DATABASE_URL';
      throw new CannotStart(
        `The databases could not be prepared at ${where}: ${(error as Error).message}\n` +
          'The user needs the right to create roles and databases. If this data folder is damaged, ' +
          'start over with: npm start -- --fresh',
      );
    }
  }

  private async requirePorts(postgres: boolean, emulator: boolean): Promise<void> {
    const { ports, postgresPort, emulatorPort } = this.layout;
    const wanted = Object.entries(ports) as [string, number][];
    if (postgres) wanted.push(['PostgreSQL', postgresPort]);
    if (emulator) wanted.push(['the emulator', emulatorPort]);
    const taken: string[] = [];
    for (const [name, port] of wanted) {
      const fault = await portFault(port);
      // A database that outlived a killed supervisor is ended by its successor.
      if (fault !== undefined && name !== 'PostgreSQL')
        taken.push(`${port} for ${name} (${fault})`);
    }
    if (taken.length > 0) {
      throw new CannotStart(
        `These ports cannot be used: ${taken.join(', ')}.\n` +
          'End what listens there, or choose others: npm start -- --port 5000',
      );
    }
  }

  private supervise(name: string, command: string[], env: NodeJS.ProcessEnv, readyUrl?: string) {
    const logFile = join(this.layout.folder, 'logs', `${name}.log`);
    return new Supervised(
      { name, command, env, logFile, ...(readyUrl === undefined ? {} : { readyUrl }) },
      {
        failed: (failure) => this.progress.failed(failure),
        restarted: (who, reason) =>
          this.progress.step(`${who} ${reason}; starting it again (see ${logFile})`),
        spawned: (who, pid) => {
          this.pids[who] = pid;
          if (this.running) this.writeRunFile();
        },
      },
    );
  }

  private startPostgres(): Promise<void> {
    const { folder, postgresPort } = this.layout;
    const args = [join(folder, 'postgres'), String(postgresPort)];
    const env = { POSTGRES_PASSWORD: this.secrets.postgresPassword };
    return this.startServer('postgres', args, env);
  }

  private startEmulator(): Promise<void> {
    const { folder, emulatorPort } = this.layout;
    mkdirSync(join(folder, 'emulator'), { recursive: true });
    return this.startServer('emulator', [join(folder, 'emulator'), String(emulatorPort)]);
  }

  private startServer(
    name: 'postgres' | 'emulator',
    args: string[],
    env: Record<string, string> = {},
  ): Promise<void> {
    const file = fileURLToPath(new URL(`../servers/${name}.js`, import.meta.url));
    const command = [process.execPath, '--no-warnings', file, ...args];
    const server = this.supervise(name, command, { ...process.env, ...env });
    this.servers.push(server);
    return server.start();
  }

  private async startService(name: (typeof PROCESSES)[number]['name'], backends: Backends) {
    const env = environmentOf(name, this.layout, this.secrets, backends);
    const command = [process.execPath, ...NODE_FLAGS, mainOf(name)];
    const readyUrl = `${addressOf(this.layout.ports[name])}/ready`;
    const service = this.supervise(name, command, env, readyUrl);
    this.services.push(service);
    await service.start();
    this.progress.step(`  ${name} is ready`);
  }

  private writeRunFile(): void {
    writeRunFile(this.layout.folder, {
      pid: process.pid,
      gateway: addressOf(this.layout.ports.gateway),
      oncall: addressOf(this.layout.ports.oncall),
      pids: this.pids,
      startedAt: new Date().toISOString(),
    });
  }
}
