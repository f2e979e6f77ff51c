import { compare, divide, rational, roundHalfUp, sum } from '../grades/rational.js';

export const ATTEMPT_RULES = ['best', 'last', 'first', 'mean'] as const;

/** Which of several attempts makes the grade. */
export type AttemptRule = (typeof ATTEMPT_RULES)[number];

/** One attempt after any deduction; `isSettled` is false while part of it waits for a marker. */
export interface CountedAttempt {
  attemptNumber: number;
  points: number;
  isSettled: boolean;
}

/** What several attempts come to. */
export interface AttemptsResult<T extends CountedAttempt> {
  /** The attempt that is shown: the one that counts, of a mean the last. */
  attempt: T;
  /** Null while what the rule asks for waits for a marker: half a score is not a grade. */
  points: number | null;
}

/**
 * The result of a learner's attempts. `points` must be what is left after lateness: choosing the
 * best before would let a late retake lower an earlier full score.
 *
 * best: the most points of the settled attempts, of equal ones the first; one that still waits
 * neither counts nor holds up the others. last, first: that attempt, settled or not. mean: of all
 * of them, once all are settled; exact, rounded once to six places.
 *
 * @throws RangeError without attempts.
 */
export function resultOfAttempts<T extends CountedAttempt>(
  attempts: readonly T[],
  rule: AttemptRule,
): AttemptsResult<T> {
  const inOrder = attempts.toSorted((one, other) => one.attemptNumber - other.attemptNumber);
  const first = inOrder[0];
  const last = inOrder.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('There is no attempt.');
  switch (rule) {
    case 'first':
      return alone(first);
    case 'last':
      return alone(last);
    case 'best':
      return alone(bestOf(inOrder) ?? last);
    case 'mean':
      return { attempt: last, points: meanOf(inOrder) };
  }
}

function alone<T extends CountedAttempt>(attempt: T): AttemptsResult<T> {
  return { attempt, points: attempt.isSettled ? attempt.points : null };
}

function bestOf<T extends CountedAttempt>(inOrder: readonly T[]): T | undefined {
  const settled = inOrder.filter(({ isSettled }) => isSettled);
  const better = (one: T, other: T) =>
    compare(rational(other.points), rational(one.points)) > 0 ? other : one;
  return settled.length === 0 ? undefined : settled.reduce(better);
}

function meanOf(attempts: readonly CountedAttempt[]): number | null {
  if (!attempts.every(({ isSettled }) => isSettled)) return null;
  const total = sum(attempts.map(({ points }) => rational(points)));
  return roundHalfUp(divide(total, rational(attempts.length)), 6);
}
