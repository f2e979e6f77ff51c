import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchDatabase } from './bench-database.js';
import { ContestantProcess } from './contestant-process.js';
import type { Contestant, Entry } from './contestants.js';
import { type MachineUse, snapshot, useBetween } from './machine.js';
import { fillOutbox } from './outbox-template.js';
import type { BenchEvent } from './protocol.js';
import { makeQueue, startRunEmulator } from './servers.js';

export interface RelayRun {
  perSecond: number;
  cpuMsPerEvent: number;
  lost: number;
  duplicates: number;
  /** Events that came after a later one of their key. */
  outOfOrder: number;
  faults: string[];
  use: MachineUse;
  written: string;
}

interface Arrived {
  id: string;
  key: string;
  version: number;
}

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 20;

/** One relay or several, each in a process, over a full outbox until all of it is marked sent. */
export async function runRelay(
  contestant: Contestant,
  events: number,
  database: BenchDatabase,
  postgresPid: number | undefined,
): Promise<RelayRun> {
  const { settings } = contestant.entries.relay as Entry;
  const { processes = 1, table = 'outbox' } = settings as {
    processes?: number;
    table?: 'outbox' | 'plain_outbox';
  };
  const warmUps = Math.ceil(events / 5);
  await database.clear();
  const emulator = await startRunEmulator();
  const children = Array.from(
    { length: processes },
    () => new ContestantProcess(contestant.file, contestant.name),
  );
  try {
    const queue = await makeQueue(emulator, 'main', 0);
    const { endpoint } = emulator;
    const job = { endpoint, database: database.urls, settings, warmUp: queue, main: queue };
    await Promise.all(children.map((child) => child.prepare(job)));
    for (const child of children) child.go();
    if (table === 'outbox') await shardsShared(database, processes);
    await fillOutbox(database, table, warmUps);
    await allSent(database, table);
    const { sqs } = emulator.clients;
    await drain(sqs, queue.queueUrl);
    const pids = Object.fromEntries(children.map((child, index) => [`relay ${index}`, child.pid]));
    const before = snapshot({ ...pids, emulator: emulator.pid, postgres: postgresPid });
    await fillOutbox(database, table, events);
    const isDone = await allSent(database, table);
    const after = snapshot({ ...pids, emulator: emulator.pid, postgres: postgresPid });
    const relayCpu = Object.keys(pids).reduce(
      (sum, name) => sum + ((after?.named[name] ?? 0) - (before?.named[name] ?? 0)),
      0,
    );
    const perSecond = events / (await publishingSeconds(database, table, events));
    const arrived = await drain(sqs, queue.queueUrl);
    const distinct = new Set(arrived.map(({ id }) => id)).size;
    const lost = events - distinct;
    return {
      perSecond,
      cpuMsPerEvent: (relayCpu * 1000) / events,
      lost,
      duplicates: arrived.length - distinct,
      outOfOrder: disorder(arrived),
      faults: [...(isDone ? [] : ['not done in time']), ...(lost > 0 ? [`lost ${lost}`] : [])],
      use: useBetween(before, after),
      written: children.map((child) => child.written).join(''),
    };
  } finally {
    await Promise.all(children.map((child) => child.end()));
    await emulator.stop();
  }
}

/** Until every shard has an owner and each relay about its part of them. */
async function shardsShared({ owner }: BenchDatabase, processes: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { rows } = await owner.query<{ shards: number }>(
      `SELECT count(*)::int AS shards FROM outbox_shard
        WHERE lease_until > clock_timestamp() GROUP BY owner`,
    );
    const owned = rows.reduce((sum, { shards }) => sum + shards, 0);
    if (rows.length === processes && owned === 16) return;
    await pause(100);
  }
  throw new Error('The relays did not share the shards.');
}

async function allSent({ owner }: BenchDatabase, table: string): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  // In the words of the indexes of what is pending.
  const pending = `published_at IS NULL${table === 'outbox' ? ' AND failed_at IS NULL' : ''}`;
  while (performance.now() < deadline) {
    const { rows } = await owner.query(`SELECT 1 FROM ${table} WHERE ${pending} LIMIT 1`);
    if (rows.length === 0) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}

/** From the first mark to the last: when a relay looks for work again is not what is measured. */
async function publishingSeconds(
  { owner }: BenchDatabase,
  table: string,
  events: number,
): Promise<number> {
  const { rows } = await owner.query<{ seconds: number }>(
    `SELECT extract(epoch FROM max(published_at) - min(published_at))::float8 AS seconds
       FROM (SELECT published_at FROM ${table} ORDER BY id DESC LIMIT $1) AS measured`,
    [events],
  );
  return rows[0]?.seconds ?? Number.NaN;
}

/** Everything in the queue in the order in which it arrived there. */
async function drain(sqs: SQSClient, queueUrl: string): Promise<Arrived[]> {
  const all: Arrived[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        // They are not deleted: the queue ends with its emulator.
        VisibilityTimeout: 3600,
      }),
    );
    if (Messages.length === 0) return all;
    for (const { Body = '' } of Messages) {
      const { id, subject, sequence } = JSON.parse(Body) as BenchEvent;
      all.push({ id, key: subject, version: sequence });
    }
  }
}

function disorder(arrived: readonly Arrived[]): number {
  const newest = new Map<string, number>();
  let count = 0;
  for (const { key, version } of arrived) {
    const before = newest.get(key) ?? 0;
    if (version < before) count += 1;
    newest.set(key, Math.max(before, version));
  }
  return count;
}
