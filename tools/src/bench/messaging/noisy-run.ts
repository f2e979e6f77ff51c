import { setTimeout as pause } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { clockMs } from './contestant.js';
import { ContestantProcess } from './contestant-process.js';
import type { Contestant, Entry } from './contestants.js';
import { type MachineUse, snapshot, useBetween } from './machine.js';
import { type Draft, preload, sendBatch } from './messages.js';
import type { ContestantReport } from './protocol.js';
import { left } from './queue-run.js';
import { makeQueue, startRunEmulator } from './servers.js';
import { percentile } from './statistics.js';

export interface NoisyRun {
  quiet: { p50: number; p99: number; count: number };
  noisy: { p50: number; p99: number; count: number };
  lost: number;
  duplicates: number;
  /** Messages still waiting when the bench gave up waiting: the contestant cannot keep up. */
  backlog: number;
  cpuMsPerMessage: number;
  use: MachineUse;
  written: string;
}

/** Each quiet institution sends one message for a hundred of the noisy one's. */
const QUIET_INSTITUTIONS = 10;
const QUIET_PER_SECOND = 10;
const NOISY_PER_SECOND = 100 * QUIET_PER_SECOND;
const HANDLER_MS = 5;
const WARM_UPS = 500;

export const NOISY_ABOUT =
  `${QUIET_INSTITUTIONS} quiet institutions send ${QUIET_PER_SECOND} a second each, ` +
  `the noisy one ${NOISY_PER_SECOND}; the handler waits ${HANDLER_MS} ms`;

interface Due extends Draft {
  /** Milliseconds after the start. */
  afterMs: number;
}

/** One contestant at a fixed rate of messages, which come whether or not it keeps up. */
export async function runNoisy(
  contestant: Contestant,
  seconds: number,
  isFlooded: boolean,
): Promise<NoisyRun> {
  const quiet = new Set(Array.from({ length: QUIET_INSTITUTIONS }, () => newId() as string));
  const schedule = scheduleOf([...quiet], isFlooded ? newId() : undefined, seconds);
  // Started first, so that it loads while the emulator starts.
  const child = new ContestantProcess(contestant.file, contestant.name);
  const emulator = await startRunEmulator();
  try {
    const { sqs } = emulator.clients;
    const warmUp = await makeQueue(emulator, 'warm', WARM_UPS);
    const main = await makeQueue(emulator, 'main', schedule.length);
    const tenant = newId();
    const warm = Array.from({ length: WARM_UPS }, () => ({ tenant, waitMs: 1, dueAtMs: 0 }));
    await preload(sqs, warmUp.queueUrl, warm);
    const { settings } = contestant.entries.noisy as Entry;
    const { endpoint } = emulator;
    await child.prepare({ endpoint, database: undefined, settings, warmUp, main });
    const before = snapshot({});
    child.go();
    await sendOnTime(sqs, main.queueUrl, schedule);
    const patience = new AbortController();
    const late = pause(seconds * 1000, undefined, { signal: patience.signal });
    await Promise.race([child.done(), late]);
    patience.abort();
    late.catch(() => undefined);
    const use = useBetween(before, snapshot({}));
    // Asked before the report: what is handled in between must not look lost.
    const waiting = await left(sqs, main.queueUrl);
    const report = await child.report();
    const unhandled = schedule.length - report.distinct;
    return {
      ...agesOf(report, quiet),
      lost: Math.max(0, unhandled - waiting),
      duplicates: report.handled - report.distinct,
      backlog: Math.min(unhandled, waiting),
      cpuMsPerMessage: report.cpuMs / Math.max(1, report.distinct),
      use,
      written: child.written,
    };
  } finally {
    await child.end();
    await emulator.stop();
  }
}

/** Evenly spread, and the quiet ones not all at the same moments. */
function scheduleOf(quiet: string[], noisy: string | undefined, seconds: number): Due[] {
  const everyMs = 1000 / QUIET_PER_SECOND;
  const due = quiet.flatMap((tenant, institution) =>
    Array.from({ length: seconds * QUIET_PER_SECOND }, (_, index) => ({
      tenant,
      afterMs: (index + institution / quiet.length) * everyMs,
    })),
  );
  if (noisy !== undefined) {
    const count = seconds * NOISY_PER_SECOND;
    const flood = Array.from({ length: count }, (_, index) => ({
      tenant: noisy,
      afterMs: (index * 1000) / NOISY_PER_SECOND,
    }));
    due.push(...flood);
  }
  return due
    .sort((one, other) => one.afterMs - other.afterMs)
    .map((one) => ({ ...one, waitMs: HANDLER_MS, dueAtMs: 0 }));
}

/** Sends what is due whether or not earlier messages have arrived: an open loop. */
async function sendOnTime(sqs: SQSClient, queueUrl: string, schedule: Due[]): Promise<void> {
  const beganMs = clockMs();
  const flights: Promise<void>[] = [];
  for (let at = 0; at < schedule.length;) {
    const nowMs = clockMs() - beganMs;
    const batch: Draft[] = [];
    for (let one = schedule[at]; one && one.afterMs <= nowMs && batch.length < 10;) {
      batch.push({ ...one, dueAtMs: beganMs + one.afterMs });
      at += 1;
      one = schedule[at];
    }
    if (batch.length > 0) flights.push(sendBatch(sqs, queueUrl, batch));
    if (batch.length < 10) await pause(2);
  }
  await Promise.all(flights);
}

function agesOf({ ages }: ContestantReport, quiet: ReadonlySet<string>) {
  const of = (isQuiet: boolean) => {
    const chosen = ages.filter(({ tenant }) => quiet.has(tenant) === isQuiet).map(({ ms }) => ms);
    return { p50: percentile(chosen, 0.5), p99: percentile(chosen, 0.99), count: chosen.length };
  };
  return { quiet: of(true), noisy: of(false) };
}
