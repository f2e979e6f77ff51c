import fc from 'fast-check';
import { isSameGrade, restamped, scoreBody, timestampStepMs } from './score.js';

const at = new Date('2026-03-01T12:00:00.007Z');

describe('the body of a score', () => {
  test('is what AGS asks for and nothing else', () => {
    expect(JSON.parse(scoreBody('u-1', { points: 7.5, pointsPossible: 10 }, at, ''))).toEqual({
      userId: 'u-1',
      timestamp: '2026-03-01T12:00:00.007Z',
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      scoreGiven: 7.5,
      scoreMaximum: 10,
    });
  });

  test('has no line break, no dust and no negative score', () => {
    const body = scoreBody('u', { points: 0.1 + 0.2, pointsPossible: 1 }, at, '');
    expect(body).not.toContain('\n');
    expect(JSON.parse(body).scoreGiven).toBe(0.3);
    expect(JSON.parse(scoreBody('u', { points: -1, pointsPossible: 1 }, at, '')).scoreGiven).toBe(
      0,
    );
  });

  test('keeps Canvas from counting a submission for every score', () => {
    const body = JSON.parse(scoreBody('u', { points: 1, pointsPossible: 1 }, at, 'canvas'));
    expect(body['https://canvas.instructure.com/lti/submission']).toEqual({
      new_submission: false,
    });
  });

  test('changes nothing but its instant when stamped again', () => {
    const body = scoreBody('u', { points: 1, pointsPossible: 2 }, at, '');
    const later = new Date('2026-03-01T12:00:01.000Z');
    expect(JSON.parse(restamped(body, later))).toEqual({
      ...JSON.parse(body),
      timestamp: later.toISOString(),
    });
  });
});

describe('whether the platform holds our grade', () => {
  test('in any scale', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const maximum = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(share, maximum, maximum, (part, ours, theirs) => {
        const grade = { points: part * ours, pointsPossible: ours };
        const result = { resultScore: part * theirs, resultMaximum: theirs };
        expect(isSameGrade(result, grade)).toBe(true);
      }),
    );
  });

  test.each([
    [
      { resultScore: 5, resultMaximum: 10 },
      { points: 6, pointsPossible: 10 },
    ],
    [{}, { points: 0, pointsPossible: 10 }],
    [{ resultScore: null }, { points: 0, pointsPossible: 10 }],
    [
      { resultScore: 0, resultMaximum: 0 },
      { points: 0, pointsPossible: 10 },
    ],
    [
      { resultScore: '5', resultMaximum: 10 },
      { points: 5, pointsPossible: 10 },
    ],
  ])('%j is not %j', (result, grade) => {
    expect(isSameGrade(result, grade)).toBe(false);
  });

  test('a grade above the maximum may have been cut down to it', () => {
    const extra = { points: 12, pointsPossible: 10 };
    expect(isSameGrade({ resultScore: 10, resultMaximum: 10 }, extra)).toBe(true);
    expect(isSameGrade({ resultScore: 12, resultMaximum: 10 }, extra)).toBe(true);
    expect(isSameGrade({ resultScore: 9, resultMaximum: 10 }, extra)).toBe(false);
  });
});

test('Moodle tells whole seconds apart, others milliseconds', () => {
  expect([timestampStepMs('moodle'), timestampStepMs('canvas'), timestampStepMs('')]).toEqual([
    1000, 1, 1,
  ]);
});
