import { roundPoints, sumPoints } from '@parlance/kernel';

/** Which marking of one answer: two people who do not see each other, and whoever decides. */
export type MarkRound = 1 | 2 | 3;

export type MarksDecision =
  | { decided: false; next: MarkRound }
  | { decided: true; points: number; by: 'mean' | 'adjudication' };

/**
 * What two independent marks give: their mean when they differ by no more than `threshold`
 * points, else what a third person says. An adjudication wins whatever the two were.
 */
export function decideMarks(
  marks: { first: number | null; second: number | null; third: number | null },
  threshold: number,
): MarksDecision {
  const { first, second, third } = marks;
  if (third !== null) return { decided: true, points: third, by: 'adjudication' };
  if (first === null) return { decided: false, next: 1 };
  if (second === null) return { decided: false, next: 2 };
  // Through decimals: 0.3 and 0.1 are 0.2 apart, not a little more.
  const apart = Math.abs(sumPoints([first, -second]));
  if (apart > threshold) return { decided: false, next: 3 };
  return { decided: true, points: roundPoints(sumPoints([first, second]) / 2), by: 'mean' };
}
