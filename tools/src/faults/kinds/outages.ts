import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS } from '@parlance/events';
import { addressOf } from '../../start/layout.js';
import type { Arena } from '../arena/arena.js';
import { MESSAGING_SERVICES } from '../arena/databases.js';
import { pause, waitUntil } from '../arena/wait-until.js';
import type { Fault, FaultContext } from './fault.js';
import { accepted, journalOf, now, seconds } from './measures.js';

/** Longest until a service works again once what it needs is there. */
const RECOVERY_MS = 10_000;

export const emulatorRestart: Fault = {
  name: 'emulator-restart',
  about: 'SNS and SQS are killed twice and come back with what they had',
  async run(context) {
    const { arena } = context;
    for (let round = 0; round < 2; round += 1) {
      arena.processes.signal('emulator', 'SIGKILL');
      await emulatorIsUp(arena);
      await pause(2000);
    }
    const backMs = await receivingAfter(context);
    return {
      injected: { kills: 2 },
      holds: backMs <= RECOVERY_MS * 2,
      saw: `grading receives again after ${seconds(backMs)}`,
    };
  },
};

export const emulatorWiped: Fault = {
  name: 'emulator-wiped',
  about: 'SNS and SQS lose everything; what was not applied is published again from the outboxes',
  async run(context) {
    const { arena } = context;
    await context.keepLetters();
    arena.processes.signal('emulator', 'SIGKILL');
    // Before the supervisor has started it again.
    rmSync(join(arena.layout.folder, 'emulator'), { recursive: true, force: true });
    await emulatorIsUp(arena);
    const backMs = await receivingAfter(context);
    await pause(1000);
    const requeued = await publishAgain(arena);
    return {
      injected: { wipes: 1, requeued },
      holds: backMs <= RECOVERY_MS * 3,
      saw: `topics and queues made anew, receiving after ${seconds(backMs)}, ${requeued} events again`,
    };
  },
};

function emulatorIsUp({ layout }: Arena): Promise<boolean> {
  const url = `${addressOf(layout.emulatorPort)}/health`;
  const isUp = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  return waitUntil(isUp, 20_000);
}

/** Milliseconds until grading has received something. */
async function receivingAfter(context: FaultContext): Promise<number> {
  const began = performance.now();
  const before = journalOf(context, 'grading').seen.received;
  await waitUntil(() => journalOf(context, 'grading').seen.received > before, 60_000);
  return performance.now() - began;
}

/** Marks as unpublished what some consumer has not applied: duplicates of the rest do no harm. */
async function publishAgain({ databases }: Arena): Promise<number> {
  const applied = new Set<string>();
  for (const service of MESSAGING_SERVICES) {
    const rows = await databases.rows<{ key: string }>(
      service,
      `SELECT DISTINCT consumer || ' ' || event_id AS key FROM inbox`,
    );
    for (const { key } of rows) applied.add(key);
  }
  const consumers = new Map(EVENTS.map((event) => [event.type as string, event.consumers]));
  let count = 0;
  for (const service of MESSAGING_SERVICES) {
    const events = await databases.rows<{ id: string; type: string }>(
      service,
      'SELECT event_id AS id, type FROM outbox WHERE published_at IS NOT NULL',
    );
    const missing = events.filter(({ id, type }) =>
      consumers.get(type)?.some((consumer) => !applied.has(`${consumer} ${id}`)),
    );
    await databases.rows(
      service,
      'UPDATE outbox SET published_at = NULL WHERE event_id = ANY($1::uuid[])',
      [missing.map(({ id }) => id)],
    );
    count += missing.length;
  }
  return count;
}

export const postgresRestart: Fault = {
  name: 'postgres-restart',
  about: 'the PostgreSQL server is killed and started again by the supervisor',
  async run(context) {
    const { arena } = context;
    const pidFile = join(arena.layout.folder, 'postgres', 'postmaster.pid');
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGKILL');
    const answers = () =>
      arena.databases.rows('postgres', 'SELECT 1').then(
        () => true,
        () => false,
      );
    const began = performance.now();
    await pause(200);
    const isUp = await waitUntil(answers, 60_000, 100);
    const upMs = performance.now() - began;
    const upAt = now();
    const isReady = await arena.processes.allReady(RECOVERY_MS * 3);
    const readyMs = performance.now() - began - upMs;
    const works = await waitUntil(() => accepted(context, upAt) > 0, 30_000);
    return {
      injected: { kills: 1 },
      holds: isUp && isReady && works && readyMs <= RECOVERY_MS,
      saw: `up after ${seconds(upMs)}, every service ready ${seconds(readyMs)} later`,
    };
  },
};

export const partitionConsumerPostgres: Fault = {
  name: 'partition-consumer-postgres',
  about: 'grading is cut off from its database, then every packet takes two seconds, then a reset',
  async run(context) {
    const { arena, windowMs } = context;
    const proxy = arena.postgres.grading;
    const calls = () => journalOf(context, 'grading').calls.ReceiveMessage ?? 0;
    const before = calls();
    const [refusedBefore, began] = [proxy.stats().refused, performance.now()];
    proxy.cut(true);
    await pause(windowMs / 2);
    const elapsed = (performance.now() - began) / 1000;
    const [receives, dials] = [calls() - before, proxy.stats().refused - refusedBefore];
    proxy.cut(false);
    proxy.delay(2000);
    await pause(windowMs / 2);
    proxy.delay(0);
    proxy.reset();
    const isReady = await arena.recover(RECOVERY_MS * 2);
    const rate = { receives: receives / elapsed, dials: dials / elapsed };
    return {
      injected: { cut: 1, latency: 1, reset: 1 },
      // Six long polls may end by themselves; after that nothing is received until it is back.
      holds: isReady && rate.receives <= 20 && rate.dials <= 50,
      saw: `${rate.receives.toFixed(1)} receives/s and ${rate.dials.toFixed(1)} connections/s meanwhile`,
    };
  },
};

export const telemetryDown: Fault = {
  name: 'telemetry-down',
  about: 'the telemetry store hangs, then dies',
  async run(context) {
    const { arena, windowMs } = context;
    const rate = async () => {
      const began = now();
      await pause(windowMs / 2);
      return accepted(context, began) / (windowMs / 2000);
    };
    const before = await rate();
    const memory = () => arena.platform.memory();
    const memoryBefore = memory();
    const pid = arena.processes.signal('oncall', 'SIGSTOP');
    const during = await rate();
    const after = memory();
    arena.processes.signal('oncall', 'SIGKILL');
    const isBack = await arena.processes.isBack('oncall', pid);
    const grown = ['gateway', 'assignments', 'grading', 'gradebook'].map(
      (name) => (after[name] ?? 0) - (memoryBefore[name] ?? 0),
    );
    const most = Math.max(...grown);
    return {
      injected: { hang: 1, kill: 1 },
      // A coarse bound: the window is short and the machine may have other work.
      holds: isBack && during >= before * 0.6 && most < 100,
      saw: `${before.toFixed(1)} submissions/s before, ${during.toFixed(1)}/s while it hung; memory +${most} MB at most`,
    };
  },
};
