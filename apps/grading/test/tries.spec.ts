import type { ScoringSpec } from '@parlance/assessment';
import { ItemTried, TryScored } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { type Answers, Classroom } from './builders.js';
import { choiceSpec } from './specs.js';

let service: TestService;
let room: Classroom;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
});
afterAll(() => service.stop());

const KEY = 'the-right-door';
const base = (value: string) => ({ op: 'base-value', baseType: 'identifier', value }) as const;
const variable = (identifier: string) => ({ op: 'variable', identifier }) as const;
const text = (words: string) => [{ kind: 'text' as const, text: words }];

/** Right at once earns 2, after a wrong door 1; a wrong one says where to look. */
function doors(given: Partial<ScoringSpec> = {}): ScoringSpec {
  const isRight = { op: 'match' as const, of: [variable('RESPONSE'), base(KEY)] };
  const isFirst = {
    op: 'equal' as const,
    ...{ toleranceMode: 'exact' as const, tolerance: [0, 0] as [number, number] },
    ...{ includeLowerBound: true, includeUpperBound: true },
    of: [variable('numAttempts'), { op: 'base-value', baseType: 'integer', value: '1' } as const],
  };
  const points = (value: string) => ({
    ...{ rule: 'set-outcome' as const, identifier: 'SCORE' },
    value: { op: 'base-value' as const, baseType: 'float' as const, value },
  });
  const set = (identifier: string, value: string) => ({
    ...{ rule: 'set-outcome' as const, identifier, value: base(value) },
  });
  const said = { outcomeIdentifier: 'FEEDBACK', showHide: 'show' as const };
  return {
    ...choiceSpec(KEY),
    processing: {
      kind: 'rules',
      rules: [
        {
          rule: 'condition',
          branches: [
            {
              when: isRight,
              rules: [
                points('1'),
                {
                  ...{ rule: 'condition', otherwise: [] },
                  branches: [{ when: isFirst, rules: [points('2')] }],
                },
                set('FEEDBACK', 'right'),
                set('completionStatus', 'completed'),
              ],
            },
          ],
          otherwise: [set('FEEDBACK', 'hint')],
        },
      ],
    },
    outcomes: [
      { identifier: 'SCORE', cardinality: 'single', baseType: 'float' },
      { identifier: 'FEEDBACK', cardinality: 'single', baseType: 'identifier' },
    ],
    pointsPossible: 2,
    adaptive: true,
    tries: { max: 20, showPoints: false },
    feedback: [
      { ...said, identifier: 'hint', content: text('The host knows more than you.') },
      { ...said, identifier: 'right', content: text('There is the car.') },
    ],
    ...given,
  };
}

/** Asks about a try and waits until it is answered. */
async function answered(itemVersionId: Id, tries: Answers[]) {
  const data = {
    ...{ tryId: newId(), attemptId: newId(), assignmentId: room.assignmentId },
    ...{ slot: 4, itemVersionId, tries },
  };
  const { institutionId } = room;
  await service.deliver(ItemTried, { institutionId, version: 1, data });
  const events = await service.emitted(TryScored);
  const [event, ...more] = events.filter(({ subject }) => subject === data.tryId);
  expect(more).toEqual([]);
  if (event === undefined) throw new Error('The try was not answered.');
  const { tryId, attemptId, slot, ...said } = event.data;
  expect({ tryId, attemptId, slot }).toEqual({
    ...{ tryId: data.tryId, attemptId: data.attemptId, slot: 4 },
  });
  return said;
}

const wrong = { RESPONSE: 'A' };
const right = { RESPONSE: KEY };

describe('a try', () => {
  it('is answered with what the author says to it, and nothing of the key', async () => {
    const id = await room.publish(doors(), 2);
    const hint = await answered(id, [wrong]);
    const scoredAt = expect.any(String);
    expect(hint).toEqual({
      ...{ tryNumber: 1, triesCounted: 1, completed: false, scoredAt },
      feedback: [{ content: text('The host knows more than you.') }],
    });
    expect(JSON.stringify(hint)).not.toContain(KEY);
    expect(await answered(id, [wrong, right])).toEqual({
      ...{ tryNumber: 2, triesCounted: 2, completed: true, scoredAt },
      feedback: [{ content: text('There is the car.') }],
    });
    expect(await answered(id, [right, wrong])).toMatchObject({ triesCounted: 1, completed: true });
  });

  it('shows points only where the author says so', async () => {
    const id = await room.publish(doors({ tries: { max: 3, showPoints: true } }), 2);
    expect(await answered(id, [wrong, right])).toMatchObject({ points: 1, pointsPossible: 2 });
    expect(await answered(id, [wrong])).toMatchObject({ points: 0 });
  });

  it('is answered by the corrected version, as a submission is', async () => {
    const id = await room.publish(doors({ feedback: [] }), 2);
    const mended = await room.publish(doors(), 2);
    await service.database.inInstitution(room.institutionId, (tx) =>
      tx.query(
        `INSERT INTO spec_correction (institution_id, item_version_id, corrected_version_id,
           campaign_id) VALUES ($1, $2, $3, $4)`,
        [room.institutionId, id, mended, newId()],
      ),
    );
    expect((await answered(id, [wrong])).feedback).toHaveLength(1);
  });

  it('waits for a scoring that has not come', async () => {
    const itemVersionId = newId();
    const data = {
      ...{ tryId: newId(), attemptId: newId(), assignmentId: room.assignmentId },
      ...{ slot: 1, itemVersionId, tries: [right] },
    };
    const { institutionId } = room;
    await service.publish(ItemTried, { institutionId, version: 1, data });
    await room.publishAs(itemVersionId, doors(), 2);
    const said = await eventually(async () => {
      const events = await service.emitted(TryScored);
      return events.find(({ subject }) => subject === data.tryId);
    });
    expect(said.data.completed).toBe(true);
  });

  it('of another institution finds no scoring of ours', async () => {
    const id = await room.publish(doors(), 2);
    const there = await Classroom.open(service);
    const data = {
      ...{ tryId: newId(), attemptId: newId(), assignmentId: newId() },
      ...{ slot: 1, itemVersionId: id, tries: [right] },
    };
    const { institutionId } = there;
    const eventId = await service.publish(ItemTried, { institutionId, version: 1, data });
    await answered(id, [right]);
    const rows = await service.database.asMessaging((tx) =>
      tx.query('SELECT 1 FROM inbox WHERE event_id = $1', [eventId]),
    );
    expect(rows).toEqual([]);
    await there.publishAs(id, doors(), 2);
  });

  it('leaves no score behind', async () => {
    const id = await room.publish(doors(), 2);
    await answered(id, [wrong]);
    const rows = await service.database.inInstitution(room.institutionId, (tx) =>
      tx.query('SELECT 1 FROM attempt_score'),
    );
    expect(rows).toEqual([]);
  });

  it('of answers nobody could have given is answered all the same', async () => {
    const id = await room.publish(doors(), 2);
    expect(await answered(id, [{ RESPONSE: ['A', 'B'] }, {}])).toMatchObject({ triesCounted: 2 });
  });
});

describe('an attempt with tries', () => {
  it.each<[string, Answers[], number, string]>([
    ['right after a hint earns less', [wrong, right], 1, KEY],
    ['right at once earns all', [right], 2, KEY],
    ['what came after the right one does not count', [right, wrong], 2, KEY],
    ['wrong to the end earns nothing', [wrong, { RESPONSE: 'B' }], 0, 'B'],
  ])('is scored over all of them: %s', async (_, all, points, given) => {
    const itemVersionId = await room.publish(doors(), 2);
    const item = { slot: 1, itemVersionId, responses: all.at(-1) ?? {}, tries: all.slice(0, -1) };
    const attemptId = await room.submit([], { items: [item] });
    const { body } = await service.request('GET', `/scores/${attemptId}`, {
      token: await room.teacher(),
    });
    expect(body).toMatchObject({ points, status: 'final', parts: [{ given, points }] });
  });
});
