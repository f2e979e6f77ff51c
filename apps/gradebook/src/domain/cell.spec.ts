import { type AttemptGrade, type Attempts, gradeOf, isSameGrade, withAttempt } from './cell.js';

function grade(rest: Partial<AttemptGrade> = {}): AttemptGrade {
  return {
    attemptNumber: 1,
    scoreVersion: 1,
    status: 'final',
    points: 5,
    pointsPossible: 10,
    overridden: false,
    submittedAt: '2026-03-02T09:00:00.000Z',
    ...rest,
  };
}

describe('taking in a score version', () => {
  it('keeps the newest version of each attempt', () => {
    const known: Attempts = { a: grade({ scoreVersion: 2 }) };
    expect(withAttempt(known, 'a', grade({ scoreVersion: 1, points: 9 }))).toBeNull();
    expect(withAttempt(known, 'a', grade({ scoreVersion: 2, points: 9 }))).toBeNull();
    expect(withAttempt(known, 'a', grade({ scoreVersion: 3, points: 9 }))?.a?.points).toBe(9);
    expect(Object.keys(withAttempt(known, 'b', grade()) ?? {})).toEqual(['a', 'b']);
  });
});

describe('the grade of several attempts', () => {
  it.each<[string, Attempts, object]>([
    ['one final attempt', { a: grade() }, { attemptId: 'a', status: 'graded', points: 5 }],
    [
      'the most points win, not the last attempt',
      { a: grade({ points: 8 }), b: grade({ attemptNumber: 2, points: 3 }) },
      { attemptId: 'a', points: 8 },
    ],
    [
      'the first of equal ones wins',
      { b: grade({ attemptNumber: 2 }), a: grade({ attemptNumber: 1 }) },
      { attemptId: 'a' },
    ],
    [
      'a settled attempt wins over one that waits, whatever it has so far',
      { a: grade({ points: 1 }), b: grade({ attemptNumber: 2, points: 9, status: 'provisional' }) },
      { attemptId: 'a', status: 'graded', points: 1 },
    ],
    [
      'half a score is no grade',
      { a: grade({ status: 'provisional' }) },
      { attemptId: 'a', status: 'pending-review', points: null, pointsPossible: 10 },
    ],
    [
      'of attempts that wait the last is shown',
      {
        b: grade({ attemptNumber: 2, status: 'provisional', points: 0 }),
        a: grade({ status: 'provisional', points: 9 }),
      },
      { attemptId: 'b', status: 'pending-review' },
    ],
    [
      'an override settles what waits',
      { a: grade({ status: 'provisional', overridden: true, points: 0 }) },
      { attemptId: 'a', status: 'graded', points: 0, overridden: true },
    ],
  ])('%s', (_, attempts, expected) => {
    expect(gradeOf(attempts)).toMatchObject(expected);
  });

  it('is the same as long as nothing shown differs', () => {
    const one = gradeOf({ a: grade() });
    expect(isSameGrade(one, gradeOf({ a: grade({ scoreVersion: 7 }) }))).toBe(true);
    for (const other of [
      grade({ points: 6 }),
      grade({ pointsPossible: 11 }),
      grade({ overridden: true }),
      grade({ status: 'provisional' }),
    ]) {
      expect(isSameGrade(one, gradeOf({ a: other }))).toBe(false);
    }
    expect(isSameGrade(one, gradeOf({ b: grade() }))).toBe(false);
  });
});
