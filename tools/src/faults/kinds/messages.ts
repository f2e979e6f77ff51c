import type { LetterQueue, QueueMessage } from '@parlance/messaging/testing';
import { pause, waitUntil } from '../arena/wait-until.js';
import { Learner } from '../load/learner.js';
import type { Fault, FaultContext } from './fault.js';
import { now, scoringAges, seconds } from './measures.js';
import { poisonCorpus } from './poison-corpus.js';

export const poison: Fault = {
  name: 'poison',
  about: 'messages that cannot be read, or that are from another time, on the queues of grading',
  async run(context) {
    const { arena, school, windowMs, plant } = context;
    const before = now();
    await pause(windowMs / 2);
    const began = now();
    const corpus = poisonCorpus(school.institutionId);
    for (const { queue, ...planted } of corpus) {
      plant(planted);
      const attributes = Object.entries(planted.attributes).map(([name, StringValue]) => [
        name,
        { DataType: 'String', StringValue },
      ]);
      const target = await arena.queues.queue(queue);
      await target.send({ body: planted.body, attributes: Object.fromEntries(attributes) });
    }
    const letters = corpus.filter(({ deadLetterQueue }) => deadLetterQueue !== undefined);
    const deadLetters = await arena.queues.queue(letters[0]?.deadLetterQueue ?? '');
    const arrived = () => deadLetters.count();
    const all = await waitUntil(async () => (await arrived()) >= letters.length, 30_000, 300);
    await pause(windowMs / 2);
    const [calm, stirred] = [
      await scoringAges(arena, before, began),
      await scoringAges(arena, began, now()),
    ];
    return {
      injected: { messages: corpus.length },
      holds: all && stirred.p99 <= Math.max(2 * calm.p99, 3000),
      saw:
        `${await arrived()} of ${letters.length} are dead letters; ` +
        `the neighbours' p99 age ${seconds(calm.p99)} before, ${seconds(stirred.p99)} after`,
    };
  },
};

/**
 * Messages of the loud institution for each submission of the quiet one, one of which comes every
 * two seconds: a flood, but one that grading can keep up with. The emulator serves in order, so
 * behind a backlog everybody waits, which would say nothing about who is preferred.
 */
const FLOOD = 100;
const QUIET_EVERY_MS = 2000;
const EVERY_MS = 100;
/** Ages below are as good as none: the machine has other work. */
const NO_AGE_MS = 1500;

export const institutionFlood: Fault = {
  name: 'institution-flood',
  about: 'one institution has a hundred messages for each of another, which must not notice',
  async run(context) {
    const submissions = 8;
    const calm = await quietAges(context, submissions);
    const flood = await Flood.begin(context);
    const flooded = await quietAges(context, submissions);
    const messages = await flood.end();
    return {
      injected: { messages, quiet: submissions },
      holds: flooded.count > 0 && flooded.p99 <= Math.max(2 * calm.p99, NO_AGE_MS),
      saw: `p99 age of the quiet one ${seconds(calm.p99)} alone, ${seconds(flooded.p99)} in the flood`,
    };
  },
};

/** Copies of what grading has had from the loud school: it knows them, but has to look. */
class Flood {
  private readonly timer: NodeJS.Timeout;
  private readonly sending = new Set<Promise<void>>();
  private sent = 0;

  private constructor(queue: LetterQueue, messages: QueueMessage[]) {
    this.timer = setInterval(() => {
      for (let count = 0; count < (FLOOD * EVERY_MS) / QUIET_EVERY_MS; count += 1) {
        const message = messages[this.sent++ % messages.length] as QueueMessage;
        const one = queue.send(message).finally(() => this.sending.delete(one));
        this.sending.add(one);
      }
    }, EVERY_MS);
  }

  static async begin(context: FaultContext): Promise<Flood> {
    const { arena, school } = context;
    const queue = await arena.queues.queue('parlance-grading-from-assignments');
    const messages = (await copies(context)).map((copy) => ({
      ...copy,
      groupId: school.institutionId,
    }));
    return new Flood(queue, messages);
  }

  /** How many were sent. */
  async end(): Promise<number> {
    clearInterval(this.timer);
    await Promise.all(this.sending);
    return this.sent;
  }
}

/** Submissions of the quiet school, evenly spread, and how long scoring took. */
async function quietAges({ arena, quiet, history, seed, chance }: FaultContext, count: number) {
  const learner = new Learner(arena.api, history, seed);
  const began = now();
  for (let number = 0; number < count; number += 1) {
    const at = Math.floor(chance(`quiet ${number}`) * quiet.learnerIds.length);
    const learnerId = quiet.learnerIds[at] as string;
    const assignmentId = quiet.assignmentIds[number % quiet.assignmentIds.length] as string;
    const pair = { school: quiet, learnerId, assignmentId };
    await Promise.all([learner.takeAttempt(pair, number, true), pause(QUIET_EVERY_MS)]);
  }
  await pause(2000);
  return scoringAges(arena, began, now(), quiet.institutionId);
}

async function copies({ arena, school }: FaultContext) {
  const rows = await arena.databases.rows<{ body: object; id: string; type: string }>(
    'assignments',
    `SELECT envelope AS body, event_id AS id, type FROM outbox
      WHERE institution_id = $1 AND type = 'assignments.attempt-submitted.v1'
        AND published_at < clock_timestamp() - interval '3 seconds' LIMIT 200`,
    [school.institutionId],
  );
  return rows.map(({ body, id, type }) => ({
    body: JSON.stringify(body),
    attributes: {
      ce_id: { DataType: 'String', StringValue: id },
      ce_type: { DataType: 'String', StringValue: type },
    },
  }));
}
