import { parseEventData } from '../validate.js';
import { AttemptScored, type AttemptScoredData } from './attempt-scored.v2.js';
import { AttemptsRescored } from './attempts-rescored.v1.js';

const ID = '0199a7a0-0000-7000-8000-0000000000a1';

const SCORE: AttemptScoredData = {
  ...{ attemptId: ID, assignmentId: ID, classId: ID, learnerId: ID },
  ...{ attemptNumber: 1, scoreVersion: 2, status: 'final', points: 9, computedPoints: 8.5 },
  ...{ pointsPossible: 10, overridden: false, cause: 'rescored', actorId: null },
  ...{ submittedAt: '2026-03-02T09:00:00.000Z', scoredAt: '2026-04-01T07:30:00.000Z' },
  scoreReleased: false,
  ...{ dueAt: '2026-03-02T09:00:00.000Z', scoreReleasesAt: '2026-05-01T07:30:00.000Z' },
};

const VALUES: unknown[] = [
  ...[undefined, null, '', 'x', 'x'.repeat(41), 'final', ID, ID.toUpperCase(), `${ID}0`],
  ...['2026-04-01T07:30:00.000Z', '2026-04-31', '2026-02-29T00:00:00Z', 0, 1, -1, 1.5, 2 ** 53],
  ...[Number.NaN, Infinity, true, {}, [], [ID]],
];

function isRefused(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}

const isRefusedAlone = (score: unknown) =>
  isRefused(() => parseEventData(AttemptScored, score as AttemptScoredData));
const isRefusedAmongOthers = (score: unknown) =>
  isRefused(() =>
    parseEventData(AttemptsRescored, {
      campaignId: ID,
      scores: [SCORE, score as AttemptScoredData],
    }),
  );

test('a score that is right is taken alone and among others', () => {
  expect([isRefusedAlone(SCORE), isRefusedAmongOthers(SCORE)]).toEqual([false, false]);
});

test.each(Object.keys(SCORE))('%s must be among others what it must be alone', (field) => {
  const scores = VALUES.map((value) => ({ ...SCORE, [field]: value }));
  expect(scores.map(isRefusedAmongOthers)).toEqual(scores.map(isRefusedAlone));
  expect(scores.map(isRefusedAlone)).toContain(true);
});

test.each([
  [[]],
  [Array.from({ length: 501 }, () => SCORE)],
  [[null]],
  [[[]]],
  ['x'],
  [{ 0: SCORE }],
])('no scores at all, too many of them, or something else is refused', (scores) => {
  const data = { campaignId: ID, scores } as never;
  expect(isRefused(() => parseEventData(AttemptsRescored, data))).toBe(true);
});
