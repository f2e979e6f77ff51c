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

/** Messages of the loud institution for each submission of the quiet one. */
const FLOOD = 100;
/** Ages below are as good as none: the machine has other work. */
const NO_AGE_MS = 1500;

export const institutionFlood: Fault = {
  name: 'institution-flood',
  about: 'one institution has a hundred messages for each of another, which must not notice',
  async run(context) {
    const submissions = 12;
    const calm = await quietAges(context, submissions, async () => undefined);
    const bodies = await copies(context);
    const queue = await context.arena.queues.queue('parlance-grading-from-assignments');
    let sent = 0;
    const flooded = await quietAges(context, submissions, async () => {
      // In tens side by side: one after the other would be no flood.
      for (let count = 0; count < FLOOD; count += 10) {
        await Promise.all(
          Array.from({ length: 10 }, async () => {
            const copy = bodies[sent++ % bodies.length];
            if (copy) await queue.send({ ...copy, groupId: context.school.institutionId });
          }),
        );
      }
    });
    return {
      injected: { messages: sent, quiet: submissions },
      holds: flooded.count > 0 && flooded.p99 <= Math.max(2 * calm.p99, NO_AGE_MS),
      saw: `p99 age of the quiet one ${seconds(calm.p99)} alone, ${seconds(flooded.p99)} in the flood`,
    };
  },
};

/** Submissions of the quiet school, with something before each, and how long scoring took. */
async function quietAges(
  { arena, quiet, history, seed, chance }: FaultContext,
  count: number,
  before: () => Promise<void>,
) {
  const learner = new Learner(arena.api, history, seed);
  const began = now();
  for (let number = 0; number < count; number += 1) {
    await before();
    const at = Math.floor(chance(`quiet ${number}`) * quiet.learnerIds.length);
    const learnerId = quiet.learnerIds[at] as string;
    const assignmentId = quiet.assignmentIds[number % quiet.assignmentIds.length] as string;
    await learner.takeAttempt({ school: quiet, learnerId, assignmentId }, number, true);
  }
  await pause(2000);
  return scoringAges(arena, began, now(), quiet.institutionId);
}

/** Events of the loud school that grading has had: it knows them, but has to look. */
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
