import { add, multiply, rational } from '../grades/rational.js';

/** What a learner is granted wherever they work, for as long as it stands. */
export interface Accommodation {
  /** Of every time limit; 1 is none, 1.5 half as much again. */
  timeMultiplier: number;
  /** Beside the multiple. */
  extraSeconds: number;
  extraAttempts: number;
  /** Calendar days that due and close come later. */
  extraDays: number;
}

export const NO_ACCOMMODATION: Accommodation = {
  timeMultiplier: 1,
  extraSeconds: 0,
  extraAttempts: 0,
  extraDays: 0,
};

/**
 * `limit * multiplier + fixed` in whole seconds, a begun one being a whole one. It is applied once,
 * to the limit of the test, and never to a limit that something else made longer already.
 */
export function accommodatedSeconds(
  timeLimitSeconds: number,
  { timeMultiplier, extraSeconds }: Accommodation,
): number {
  const { n, d } = add(
    multiply(rational(timeLimitSeconds), rational(timeMultiplier)),
    rational(extraSeconds),
  );
  return Number((n + d - 1n) / d);
}

/** `min(started + limit, close)`; null without either. */
export function attemptEndsAt(
  startedAt: Date,
  timeLimitSeconds: number | null,
  closesAt: Date | null,
): Date | null {
  if (timeLimitSeconds === null) return closesAt;
  const limitEndsAt = new Date(startedAt.getTime() + timeLimitSeconds * 1000);
  return closesAt !== null && closesAt < limitEndsAt ? closesAt : limitEndsAt;
}
