import type { Facts } from './facts.js';
import { type Violation, violation } from './violation.js';

/**
 * I7: a cell shows the best of its attempts, its attempts are those that were scored, and the
 * total of a learner is the sum of their cells.
 */
export function checkSums({ cells, scores, attempts, totals }: Facts): Violation[] {
  const found: Violation[] = [];
  const placeOf = new Map(attempts.map((one) => [one.attemptId, place(one)]));
  const scored = Map.groupBy(scores, ({ attemptId }) => placeOf.get(attemptId) ?? '');
  const sums = new Map<string, number>();
  for (const cell of cells) {
    const best = Math.max(...(scored.get(place(cell)) ?? []).map(({ points }) => points));
    if (cell.points !== best) {
      const about = `cell ${cell.cellId} shows ${cell.points} points, the best attempt has ${best}`;
      found.push(violation('sum', 'I7', cell.cellId, about));
    }
    const owner = `${cell.classId} ${cell.learnerId}`;
    sums.set(owner, (sums.get(owner) ?? 0) + (cell.points ?? 0));
  }
  for (const { classId, learnerId, points } of totals) {
    const sum = sums.get(`${classId} ${learnerId}`) ?? 0;
    if (points !== sum) {
      const about = `learner ${learnerId} has a total of ${points}, the cells add up to ${sum}`;
      found.push(violation('sum', 'I7', learnerId, about));
    }
  }
  return found;
}

function place({ assignmentId, learnerId }: { assignmentId: string; learnerId: string }): string {
  return `${assignmentId} ${learnerId}`;
}
