import type { FaultSettings } from '@parlance/messaging/testing';
import { VISIBILITY_SECONDS } from '../arena/arena.js';
import { pause, waitUntil } from '../arena/wait-until.js';
import type { Fault, FaultContext, Finding } from './fault.js';
import { accepted, deadlocks, journalOf, now, since } from './measures.js';

/** Sets faults on the calls of every service for the window. */
async function inject(context: FaultContext, faults: Partial<FaultSettings>) {
  const { arena, windowMs } = context;
  const before = arena.injected();
  const began = now();
  arena.setFaults(faults);
  await pause(windowMs);
  for (const proxy of Object.values(arena.sqs)) proxy.calm();
  const injected = since(arena, before);
  const count = accepted(context, began);
  return { injected, count, any: Object.keys(injected).length > 0 };
}

export const duplicateDeliveries: Fault = {
  name: 'duplicate-deliveries',
  about: 'events arrive up to five times, at two processes of grading and of gradebook at once',
  async run(context) {
    const { arena } = context;
    const services = ['grading', 'gradebook'] as const;
    const before = await deadlocks(arena, [...services]);
    const ends = await Promise.all(services.map((service) => arena.processes.another(service)));
    const faults = { duplicatePublish: 0.3, duplicateReceive: 0.4, maxCopies: 5 };
    const { injected, any } = await inject(context, faults);
    await Promise.all(ends.map((end) => end()));
    const count = (await deadlocks(arena, [...services])) - before;
    return { injected, holds: any && count === 0, saw: `${count} deadlocks` };
  },
};

export const reorder: Fault = {
  name: 'reorder',
  about: 'messages change places, are held back for seconds, and answers are late',
  async run(context) {
    const faults = { shuffle: 0.6, holdBack: 0.3, holdBackSeconds: 4, delay: 0.2, delayMs: 400 };
    const { injected, any, count } = await inject(context, faults);
    return { injected, holds: any && count > 0, saw: `${count} submissions accepted meanwhile` };
  },
};

export const lostAcknowledgements: Fault = {
  name: 'lost-acknowledgements',
  about: 'deletions are not done, not answered, or refused',
  async run(context) {
    const again = () =>
      Object.values(context.arena.sqs)
        .map((proxy) => proxy.journal().seen.receivedAgain)
        .reduce((sum, count) => sum + count, 0);
    const before = again();
    const faults = { loseDelete: 0.2, loseDeleteAnswer: 0.15, refuseDelete: 0.15 };
    const { injected, any } = await inject(context, faults);
    const came = await waitUntil(() => again() > before, VISIBILITY_SECONDS * 1000 + 5000);
    return { injected, holds: any && came, saw: `${again() - before} messages came again` };
  },
};

export const partialPublishFailure: Fault = {
  name: 'partial-publish-failure',
  about: 'publishes fail in part, are throttled, or are delivered and answered as failed',
  async run(context) {
    const { arena } = context;
    const faults = { failEntry: 0.2, failDelivered: 0.1, throttle: 0.2, failPublishAnswer: 0.1 };
    const { injected, any } = await inject(context, faults);
    let failed = 0;
    for (const service of ['assignments', 'grading', 'gradebook']) {
      const sql = 'SELECT count(*) AS count FROM outbox WHERE failed_at IS NOT NULL';
      failed += await arena.databases.count(service, sql);
    }
    // None was at fault itself, so none may be given up.
    return { injected, holds: any && failed === 0, saw: `${failed} events given up` };
  },
};

export const redriveWhileLive: Fault = {
  name: 'redrive-while-live',
  about: 'events that became dead letters are sent back to their queue while it is in use',
  async run({ arena, seed, chance }): Promise<Finding> {
    const perSecond = 20 + Math.floor(chance(`rate ${seed}`) * 20);
    const source = await arena.queues.queue('parlance-gradebook-from-grading');
    const letters = await arena.queues.queue('parlance-gradebook-from-grading-dlq');
    arena.processes.signal('gradebook', 'SIGSTOP');
    let buried = 0;
    try {
      // Messages the stopped process holds come into sight again only after their visibility.
      const bury = async () => (buried += await source.moveTo(letters, 15 - buried)) >= 15;
      await waitUntil(bury, 30_000, 200);
    } finally {
      arena.processes.signal('gradebook', 'SIGCONT');
    }
    await pause(1000);
    const began = performance.now();
    const redriven = await letters.moveTo(source, Infinity, perSecond);
    const rate = (redriven - 1) / ((performance.now() - began) / 1000);
    const holds = redriven === buried && redriven > 0 && rate <= perSecond * 1.1;
    return {
      injected: { buried, redriven },
      holds,
      saw: `${redriven} of ${buried} at ${rate.toFixed(0)}/s (${perSecond}/s asked)`,
      later: async () => {
        const left = await letters.count();
        return { holds: left === 0, saw: `${left} letters left` };
      },
    };
  },
};

export const partitionConsumerSqs: Fault = {
  name: 'partition-consumer-sqs',
  about: 'grading is cut off from its queues, then answers take two seconds, then a reset',
  async run(context) {
    const { arena, windowMs } = context;
    const proxy = arena.sqs.grading;
    const before = journalOf(context, 'grading');
    const seconds = windowMs / 2000;
    proxy.partition(true);
    await pause(windowMs / 2);
    const turnedAway = journalOf(context, 'grading').turnedAway - before.turnedAway;
    proxy.partition(false);
    proxy.set({ latencyMs: 2000 });
    await pause(windowMs / 2);
    proxy.reset();
    proxy.calm();
    const rate = turnedAway / seconds;
    const applied = () => journalOf(context, 'grading').seen.received - before.seen.received;
    const came = await waitUntil(() => applied() > 0, 30_000);
    return {
      injected: { cut: 1, latency: 1, reset: 1, turnedAway },
      holds: came && rate <= 50,
      saw: `${rate.toFixed(1)} calls/s against the wall; ${applied()} messages received since`,
    };
  },
};
