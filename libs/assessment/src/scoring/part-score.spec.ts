import { entries, float, response, setScore, spec } from '../../test/specs.js';
import type { ResponseDeclaration, Rule } from '../index.js';
import { scoreItem } from '../index.js';

const A = response({ identifier: 'A', correct: ['x'] });
const B = response({ identifier: 'B', correct: ['y'] });

/** Two parts of one point each, whatever SCORE the rules give. */
const two = (points: number, ...declared: ResponseDeclaration[]) => {
  const rules: Rule[] = [setScore(float(points))];
  return spec(declared, { kind: 'rules', rules }, { pointsPossible: 2 });
};

test('parts that add up to the item keep their points and say that the key decided', () => {
  expect(scoreItem(two(1, A, B), { A: 'x', B: 'x' }).parts).toMatchObject([
    { points: 1, verdict: 'correct', rule: 'match-correct' },
    { points: 0, verdict: 'incorrect', rule: 'match-correct' },
  ]);
});

test('parts that do not have no points, and the rules decided; one left empty is just that', () => {
  expect(scoreItem(two(2, A, B), { A: 'x' }).parts).toMatchObject([
    { points: null, verdict: 'correct', rule: 'response-rules' },
    { points: null, verdict: 'unanswered', rule: 'not-answered' },
  ]);
});

test('a part without a key shows how the whole item came out', () => {
  const open = response({ identifier: 'B', baseType: 'string' });
  const verdictFor = (points: number) =>
    scoreItem(two(points, A, open), { A: 'x', B: 'text' }).parts[1];
  expect(verdictFor(2)).toMatchObject({ points: null, verdict: 'correct', rule: 'response-rules' });
  expect(verdictFor(1)).toMatchObject({ verdict: 'partial' });
  expect(verdictFor(0)).toMatchObject({ verdict: 'incorrect' });
});

test('a mapped part is right, partly right or wrong by its own points', () => {
  const mapping = { entries: entries({ x: 1, y: 0.5, z: -1 }), defaultValue: 0 };
  const mapped = response({ identifier: 'A', mapping });
  const partFor = (answer: string, points: number) =>
    scoreItem(two(points, mapped, B), { A: answer, B: 'x' }).parts[0];
  expect(partFor('x', 1)).toMatchObject({ points: 1, verdict: 'correct', rule: 'map-response' });
  expect(partFor('y', 0.5)).toMatchObject({ points: 0.5, verdict: 'partial' });
  expect(partFor('z', -1)).toMatchObject({ points: -1, verdict: 'incorrect' });
});

test('beside a part for a person, one without a key waits too, and one left empty does not', () => {
  const open = response({ identifier: 'B', baseType: 'string' });
  const item = spec([A, open], { kind: 'rules', rules: [] }, { pointsPossible: 2 });
  item.parts = item.parts.map((part, index) => ({ ...part, humanScored: index === 0 }));
  expect(scoreItem(item, { A: 'x', B: 'text' }).parts).toMatchObject([
    { points: null, verdict: 'awaiting-review', rule: 'human-review' },
    { points: null, verdict: 'awaiting-review', rule: 'human-review' },
  ]);
  expect(scoreItem(item, { A: 'x' }).parts[1]).toMatchObject({
    points: null,
    verdict: 'unanswered',
    rule: 'not-answered',
  });
});

test('of one part alone the verdict is that of the item', () => {
  const rules: Rule[] = [setScore(float(1))];
  const item = spec([A], { kind: 'rules', rules }, { pointsPossible: 2 });
  expect(scoreItem(item, { A: 'wrong' }).parts).toMatchObject([
    { points: 1, pointsPossible: 2, verdict: 'partial', rule: 'response-rules' },
  ]);
  expect(scoreItem(item, { A: '' }).parts).toMatchObject([
    { points: 1, pointsPossible: 2, verdict: 'unanswered', rule: 'not-answered' },
  ]);
});
