import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { setTimeout as pause } from 'node:timers/promises';
import { draw, drawBetween } from '../../faults/seeded.js';
import type { BenchDatabase } from './bench-database.js';
import { ContestantProcess } from './contestant-process.js';
import type { Contestant, Entry } from './contestants.js';
import { type MachineUse, snapshot, useBetween } from './machine.js';
import { type Draft, preload } from './messages.js';
import type { ContestantReport } from './protocol.js';
import { type QueueScenario, waitMsOf } from './scenarios.js';
import { makeQueue, type QueueOf, type RunEmulator, startRunEmulator } from './servers.js';

export interface RunSize {
  messages: number;
  /** A run of a slow contestant gets as many messages as it handles in so many seconds. */
  seconds: number;
}

export interface QueueRun {
  perSecond: number;
  cpuMsPerMessage: number;
  messages: number;
  lost: number;
  /** Times that a message was handled once more; effects are counted apart. */
  duplicates: number;
  /** Why the figure does not count. */
  faults: string[];
  use: MachineUse;
  written: string;
  notes: string[];
}

/** Longest that nothing may happen before what is left counts as lost. */
const PATIENCE_MS = 90_000;
const INSTITUTIONS = 20;

/** One contestant, once: a new emulator, a full queue, and the time until it is empty again. */
export async function runQueue(
  scenario: QueueScenario,
  contestant: Contestant,
  size: RunSize,
  database: BenchDatabase | undefined,
  postgresPid: number | undefined,
): Promise<QueueRun> {
  const entry = contestant.entries[scenario] as Entry;
  const messages = Math.min(
    size.messages,
    Math.max(100, Math.ceil(entry.perSecond * size.seconds)),
  );
  const warmUps = Math.min(1000, Math.ceil(messages / 5));
  await database?.clear();
  // Started first, so that it loads while the emulator starts.
  const child = new ContestantProcess(contestant.file, contestant.name);
  const emulator = await startRunEmulator();
  try {
    const warmUp = await makeQueue(emulator, 'warm', warmUps);
    const main = await makeQueue(emulator, 'main', messages);
    const { sqs } = emulator.clients;
    await preload(sqs, warmUp.queueUrl, draftsOf(scenario, warmUps, 1));
    await preload(sqs, main.queueUrl, draftsOf(scenario, messages, 2));
    await child.prepare({
      endpoint: emulator.endpoint,
      database: database?.urls,
      settings: entry.settings,
      warmUp,
      main,
    });
    const pids = { contestant: child.pid, emulator: emulator.pid, postgres: postgresPid };
    const before = snapshot(pids);
    const beganMs = performance.now();
    child.go();
    const isDone = await doneInTime(child, sqs, main);
    const seconds = (performance.now() - beganMs) / 1000;
    const use = useBetween(before, snapshot(pids));
    const report = await child.report();
    const gate = await judge(report, emulator, main, database && { database, warmUps });
    return {
      perSecond: messages / seconds,
      cpuMsPerMessage: report.cpuMs / messages,
      messages,
      lost: messages - report.distinct,
      duplicates: report.handled - report.distinct,
      faults: isDone ? gate : ['not done in time', ...gate],
      use,
      written: child.written,
      notes: report.notes,
    };
  } finally {
    await child.end();
    await emulator.stop();
  }
}

/** The same in every run, whoever handles them. */
function draftsOf(scenario: QueueScenario, count: number, seed: number): Draft[] {
  const tenants = Array.from({ length: INSTITUTIONS }, () => newId());
  return Array.from({ length: count }, (_, index) => ({
    tenant: tenants[drawBetween(0, INSTITUTIONS - 1, seed, 'tenant', index)] as string,
    waitMs: waitMsOf(scenario, draw(seed, 'wait', index)),
    dueAtMs: 0,
  }));
}

/** Until all is handled and deleted: who deletes later must not look faster. */
async function doneInTime(
  child: ContestantProcess,
  sqs: SQSClient,
  queue: QueueOf,
): Promise<boolean> {
  const patience = new AbortController();
  const late = pause(PATIENCE_MS, false, { signal: patience.signal });
  late.catch(() => undefined);
  const done = child.done().then(async () => {
    while (!patience.signal.aborted && (await left(sqs, queue.queueUrl)) > 0) await pause(10);
    return true;
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    patience.abort();
  }
}

/** Messages that a queue holds, hidden ones included. */
export async function left(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes ?? {}).reduce((sum, value) => sum + Number(value), 0);
}

/** What forbids that the figure counts. */
async function judge(
  report: ContestantReport,
  { clients }: RunEmulator,
  queue: QueueOf,
  effects: { database: BenchDatabase; warmUps: number } | undefined,
): Promise<string[]> {
  const faults: string[] = [];
  if (report.distinct < queue.messages) faults.push(`lost ${queue.messages - report.distinct}`);
  const inQueue = await left(clients.sqs, queue.queueUrl);
  if (inQueue > 0) faults.push(`${inQueue} not deleted`);
  const dead = await left(clients.sqs, queue.deadLetterUrl);
  if (dead > 0) faults.push(`${dead} dead letters`);
  if (effects) {
    const expected = queue.messages + effects.warmUps;
    const { rows, distinct } = await effects.database.effects();
    if (distinct < expected) faults.push(`${expected - distinct} without effect`);
    if (rows > distinct) faults.push(`${rows - distinct} effects twice`);
  }
  return faults;
}
