import { identifier, integer } from '../../test/expressions.js';
import { float, response, setScore, spec, variable, when } from '../../test/specs.js';
import type { Expression, Responses, Rule, ScoringSpec } from '../index.js';
import { scoreItem } from '../index.js';

const isAnswer = (value: string): Expression => ({
  op: 'match',
  of: [variable('RESPONSE'), identifier(value)],
});

const complete: Rule = {
  rule: 'set-outcome',
  identifier: 'completionStatus',
  value: identifier('completed'),
};

const add = (points: number): Rule =>
  setScore({ op: 'sum', of: [variable('SCORE'), float(points)] });

/** The right answer is worth 3, less 1 for each try before it; the third try ends it. */
const doors: ScoringSpec = {
  ...spec(
    [response({ correct: ['A'] })],
    {
      kind: 'rules',
      rules: [
        {
          rule: 'condition',
          branches: [{ when: isAnswer('A'), rules: [add(3), complete] }],
          otherwise: [add(-1)],
        },
        when({ op: 'gte', of: [variable('numAttempts'), integer(3)] }, complete),
      ],
    },
    { pointsPossible: 3 },
  ),
  adaptive: true,
};

const tried = (...answers: (string | null)[]) => {
  const all: Responses[] = answers.map((answer) => ({ RESPONSE: answer }));
  return scoreItem(doors, all.at(-1) as Responses, { tries: all.slice(0, -1) });
};

test.each<[string[], number, number, string]>([
  [['A'], 3, 1, 'completed'],
  [['B'], -1, 1, 'unknown'],
  [['B', 'A'], 2, 2, 'completed'],
  [['B', 'C'], -2, 2, 'unknown'],
  [['B', 'C', 'A'], 1, 3, 'completed'],
  [['B', 'C', 'D'], -3, 3, 'completed'],
])('after %j it is worth %d', (answers, points, triesCounted, completionStatus) => {
  const score = tried(...answers);
  expect(score).toMatchObject({ points, triesCounted, outcomes: { completionStatus } });
  expect(score.parts[0]?.given).toBe(answers.at(-1));
});

test('tries after the one that completed the item do not count', () => {
  expect(tried('B', 'A', 'C', 'D')).toEqual(tried('B', 'A'));
  expect(tried('B', 'C', 'D', 'A')).toEqual(tried('B', 'C', 'D'));
  expect(tried('A', 'B')).toMatchObject({ points: 3, parts: [{ given: 'A', verdict: 'correct' }] });
});

test('how SCORE came about is told of the last try that counts', () => {
  expect(tried('B', 'A').steps).toEqual([{ at: '/0/branches/0/rules/0', points: 2 }]);
  expect(tried('B').steps).toEqual([{ at: '/0/otherwise/0', points: -1 }]);
});

test('an item that is not adaptive starts anew, whatever was tried before', () => {
  const plain: ScoringSpec = { ...doors, adaptive: false };
  const score = scoreItem(plain, { RESPONSE: 'B' }, { tries: [{ RESPONSE: 'A' }] });
  expect(score.points).toBe(-1);
  expect(score).not.toHaveProperty('triesCounted');
  expect(score.outcomes).toEqual({ SCORE: -1 });
});

test('the status is that of the item where the item declares it', () => {
  const declared: ScoringSpec = {
    ...doors,
    outcomes: [
      ...doors.outcomes,
      {
        identifier: 'completionStatus',
        cardinality: 'single',
        baseType: 'identifier',
        defaultValue: ['not_attempted'],
      },
    ],
  };
  expect(scoreItem(declared, { RESPONSE: 'B' }).outcomes.completionStatus).toBe('not_attempted');
  expect(scoreItem({ ...declared, adaptive: false }, { RESPONSE: 'A' }).outcomes).toEqual({
    SCORE: 3,
    completionStatus: 'completed',
  });
});

test('an item may have a response of its own called numAttempts', () => {
  const own: ScoringSpec = {
    ...doors,
    responses: [...doors.responses, response({ identifier: 'numAttempts', baseType: 'integer' })],
  };
  expect(scoreItem(own, { RESPONSE: 'B', numAttempts: '3' }).outcomes.completionStatus).toBe(
    'completed',
  );
});

test('an adaptive item a person scores shows what was answered last', () => {
  const forPerson: ScoringSpec = { ...doors, externalScored: true };
  const score = scoreItem(forPerson, { RESPONSE: 'C' }, { tries: [{ RESPONSE: 'A' }] });
  expect(score).toMatchObject({
    status: 'awaiting-review',
    points: null,
    triesCounted: 2,
    parts: [{ given: 'C' }],
  });
  expect(score).not.toHaveProperty('steps');
});
