import { randomBytes } from 'node:crypto';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { freePort } from '../servers/ports.js';
import { spawnServer } from '../servers/spawn-server.js';
import { dataFolder, removeFolder } from './own-platform.js';
import { Backend, type BackendMode } from './telemetry/backend.js';
import { type Mode, type Run, summary } from './telemetry/summary.js';
import type { WayReport, WayTask } from './telemetry/way.js';

const MODES: readonly Mode[] = ['off', 'healthy', 'absent', 'hanging'];
const PASSWORD = 'bench-only';

/**
 * What the state of the telemetry backend does to the message path: events from a transaction over
 * outbox, relay, emulator and consumer to their effect, in a fresh process and database per run.
 */
export async function benchTelemetry(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      events: { type: 'string', default: '6000' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const [events, rounds] = [Number(values.events), Number(values.rounds)];
  const load = (loadavg()[0] ?? 0).toFixed(2);
  console.log(`${cpus().length} cores, load before ${load}, ${events} events a run`);
  const servers = await startServers();
  try {
    const runs: Run[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // The order turns round every time, so that a drifting machine favours none.
      const order = round % 2 === 0 ? MODES : [...MODES].reverse();
      for (const mode of order) {
        const report = await measure(servers, mode, events);
        runs.push({ mode, round, ...report });
        console.log(describe(mode, report));
      }
    }
    console.log(summary(runs));
  } finally {
    await servers.stop();
  }
}

interface Servers {
  adminUrl: string;
  awsEndpoint: string;
  stop(): Promise<void>;
}

async function startServers(): Promise<Servers> {
  const folder = dataFolder();
  const [databasePort, emulatorPort] = [await freePort(), await freePort()];
  const [postgres, emulator] = await Promise.all([
    spawnServer('postgres', [join(folder, 'pg'), String(databasePort)], {
      POSTGRES_PASSWORD: PASSWORD,
    }),
    spawnServer('emulator', ['', String(emulatorPort)]),
  ]);
  return {
    adminUrl: `postgres://postgres:${PASSWORD}@127.0.0.1:${databasePort}/postgres`,
    awsEndpoint: `http://127.0.0.1:${emulatorPort}`,
    stop: async () => {
      await Promise.all([postgres.stop(), emulator.stop()]);
      removeFolder(folder);
    },
  };
}

const BACKENDS: Record<Mode, BackendMode | undefined> = {
  off: undefined,
  healthy: 'answers',
  absent: 'refuses',
  hanging: 'hangs',
};

async function measure(servers: Servers, mode: Mode, events: number): Promise<WayReport> {
  const backendMode = BACKENDS[mode];
  const backend = backendMode && (await Backend.start(backendMode));
  const database = `bench_${randomBytes(5).toString('hex')}`;
  const admin = new pg.Client({ connectionString: servers.adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${database}`);
    await admin.query(`CREATE ROLE ${database}_app LOGIN PASSWORD '${PASSWORD}'`);
    const ownerUrl = new URL(servers.adminUrl);
    ownerUrl.pathname = `/${database}`;
    const appUrl = new URL(ownerUrl);
    appUrl.username = `${database}_app`;
    return await runChild({
      ownerUrl: ownerUrl.href,
      appUrl: appUrl.href,
      appRole: `${database}_app`,
      awsEndpoint: servers.awsEndpoint,
      prefix: `bench-${database.slice(-10)}`,
      telemetryEndpoint: backend?.url,
      events,
    });
  } finally {
    await backend?.stop();
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.query(`DROP ROLE IF EXISTS ${database}_app`);
    await admin.end();
  }
}

function runChild(task: WayTask): Promise<WayReport> {
  const file = fileURLToPath(new URL('./telemetry/main.js', import.meta.url));
  const child = fork(file, [JSON.stringify(task)], { execArgv: ['--no-warnings'] });
  return new Promise((resolve, reject) => {
    child.once('message', (report) => resolve(report as WayReport));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The measuring process ended with ${code}.`)));
  });
}

function describe(mode: Mode, { perSecond, cpuMsPerEvent, lost, stopMs }: WayReport): string {
  return (
    `${mode.padEnd(8)} ${perSecond.toFixed(0).padStart(5)} events/s  ` +
    `${cpuMsPerEvent.toFixed(2)} ms CPU an event  ` +
    `${lost} records lost  stopped in ${stopMs.toFixed(0)} ms`
  );
}
