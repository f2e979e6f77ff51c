import type { AttemptScore } from './attempt-score.js';
import { regraded } from './regrade.js';
import type { ScoredAttempt, ScoredItem } from './score-attempt.js';
import type { TaskMark } from './settled-marks.js';

const at = (day: number) => new Date(Date.UTC(2026, 2, day));

const before: AttemptScore = {
  ...{ attemptId: 'attempt', assignmentId: 'work', classId: 'class', learnerId: 'learner' },
  ...{ attemptNumber: 1, submittedAt: at(2), dueAt: at(3), submission: 1, version: 4 },
  ...{ status: 'final', autoPoints: 1, computedPoints: 5, pointsPossible: 11 },
  ...{ override: { points: 7, version: 3 }, firstScoredAt: at(2), runAts: [at(2)] },
};
const fresh = { ...before, submittedAt: at(5), dueAt: at(6), submission: 2, version: 1 };

const choice = (slot: number, given: string, points: number): ScoredItem => ({
  ...{ slot, itemVersionId: `item-${slot}`, responses: { R1: given }, points, pointsPossible: 1 },
  waitsFor: 'nobody',
  parts: [],
});

const essay = (slot: number, text: string): ScoredItem => ({
  ...{ slot, itemVersionId: `item-${slot}`, responses: { R1: text }, points: null },
  ...{ pointsPossible: 5, waitsFor: 'parts' },
  parts: [
    {
      ...{ responseId: 'R1', points: null, pointsPossible: 5, verdict: 'awaiting-review' },
      ...{ rule: 'human-review', expected: null },
    },
  ],
});

/** An essay that was left empty: nobody has to look. */
const empty = (slot: number): ScoredItem => ({ ...essay(slot, ''), waitsFor: 'nobody', points: 0 });

const scored = (autoPoints: number, ...items: ScoredItem[]): ScoredAttempt => ({
  ...{ items, autoPoints, pointsPossible: 11, reviews: [], faults: [] },
});

const task = (slot: number, points: number | null, rest: Partial<TaskMark> = {}): TaskMark => ({
  ...{ slot, responseId: 'R1', round: 1, doubleThreshold: null, comment: null, annotations: [] },
  ...{ points, status: points === null ? 'open' : 'done' },
  markedBy: points === null ? null : 'teacher',
  ...rest,
});

const need = (slot: number) => ({
  ...{ slot, itemVersionId: `item-${slot}`, responseId: 'R1', pointsPossible: 5 },
});

it('a mark stays where the item was answered as it was, and is asked for elsewhere', () => {
  const items = [choice(1, 'B', 0), essay(2, 'same'), essay(3, 'draft')];
  const again = scored(1, choice(1, 'A', 1), essay(2, 'same'), essay(3, 'better'));
  const result = regraded(before, items, [task(2, 3), task(3, 4)], fresh, again);
  expect(result.added).toEqual([need(3)]);
  expect(result.withdrawn).toEqual([]);
  expect(result.score).toMatchObject({ status: 'provisional', autoPoints: 1, computedPoints: 4 });
});

it('the score is the next version of the one there was, as it was handed in now', () => {
  const items = [essay(2, 'same')];
  const { score } = regraded(before, items, [task(2, 3)], fresh, scored(0, essay(2, 'same')));
  expect(score).toEqual({
    ...{ ...before, submittedAt: at(5), dueAt: at(6), submission: 2, version: 5 },
    ...{ status: 'final', autoPoints: 0, computedPoints: 3, pointsPossible: 11 },
  });
});

it('the order in which answers of an item are stored does not matter', () => {
  const item = (responses: Record<string, string>) => ({ ...essay(2, ''), responses });
  const earlier = [item({ R1: 'text', R2: 'more' })];
  const again = scored(0, item({ R2: 'more', R1: 'text' }));
  expect(regraded(before, earlier, [task(2, 3)], fresh, again).added).toEqual([]);
});

it('an essay that is empty now is asked for no more, and its mark counts no more', () => {
  const again = scored(0, empty(2));
  const result = regraded(before, [essay(2, 'text')], [task(2, 3)], fresh, again);
  expect(result.withdrawn).toEqual([task(2, 3)]);
  expect(result.score).toMatchObject({ status: 'final', computedPoints: 0 });
});

it('an essay that is there only now is asked for', () => {
  const result = regraded(before, [empty(2)], [], fresh, scored(0, essay(2, 'text')));
  expect(result.added).toEqual([need(2)]);
  expect(result.score).toMatchObject({ status: 'provisional', computedPoints: 0 });
});

it('what waits for its mark still does, and is not asked for twice', () => {
  const again = scored(0, essay(2, 'same'));
  const result = regraded(before, [essay(2, 'same')], [task(2, null)], fresh, again);
  expect([result.added, result.withdrawn]).toEqual([[], []]);
  expect(result.score.status).toBe('provisional');
});

it('two marks of one answer stay or go together', () => {
  const double = { doubleThreshold: 2 };
  const marks = [task(2, 3, double), task(2, 4, { ...double, round: 2 })];
  const same = regraded(before, [essay(2, 'same')], marks, fresh, scored(0, essay(2, 'same')));
  expect(same.score).toMatchObject({ status: 'final', computedPoints: 3.5 });
  const other = regraded(before, [essay(2, 'same')], marks, fresh, scored(0, essay(2, 'new')));
  expect(other.added).toEqual([need(2)]);
  expect(other.score).toMatchObject({ status: 'provisional', computedPoints: 0 });
});

it('a slot nobody knew before has no mark to keep', () => {
  const again = scored(0, essay(9, 'text'));
  expect(regraded(before, [], [task(9, 3)], fresh, again).added).toEqual([need(9)]);
});
