import { sumPoints } from '@parlance/kernel';
import type { AttemptScore } from './attempt-score.js';
import {
  type ReviewNeed,
  reviewsOf,
  type ScoredAttempt,
  type ScoredItem,
} from './score-attempt.js';
import { partKey, settledMarks, type TaskMark } from './settled-marks.js';

export interface Regraded {
  score: AttemptScore;
  added: ReviewNeed[];
  withdrawn: { slot: number; responseId: string | null }[];
}

/**
 * The next score of an attempt that was handed in again. A mark stays where the part is still one
 * for a person and its item was answered as it was; elsewhere it is asked for again. The override
 * stays until a teacher removes it.
 */
export function regraded(
  before: AttemptScore,
  items: readonly ScoredItem[],
  tasks: readonly TaskMark[],
  fresh: AttemptScore,
  scored: ScoredAttempt,
): Regraded {
  const earlier = new Map(items.map((item) => [item.slot, item]));
  const needs = scored.items.flatMap(reviewsOf);
  const isSame = (slot: number) => {
    const item = scored.items.find((one) => one.slot === slot);
    return sameAnswers(item, earlier.get(slot));
  };
  const asked = new Set(needs.map(partKey));
  const kept = tasks.filter((task) => asked.has(partKey(task)) && isSame(task.slot));
  const keptKeys = new Set(kept.map(partKey));
  const settled = settledMarks(kept);
  const added = needs.filter((need) => !keptKeys.has(partKey(need)));
  return {
    score: {
      ...before,
      submittedAt: fresh.submittedAt,
      dueAt: fresh.dueAt,
      submission: fresh.submission,
      version: before.version + 1,
      status: settled.open + added.length > 0 ? 'provisional' : 'final',
      autoPoints: scored.autoPoints,
      computedPoints: sumPoints([scored.autoPoints, settled.points]),
      pointsPossible: scored.pointsPossible,
    },
    added,
    withdrawn: tasks.filter((task) => !asked.has(partKey(task))),
  };
}

function sameAnswers(a: ScoredItem | undefined, b: ScoredItem | undefined): boolean {
  const text = (item: ScoredItem | undefined) =>
    item && JSON.stringify(Object.entries(item.responses).sort(([x], [y]) => (x < y ? -1 : 1)));
  return a !== undefined && text(a) === text(b);
}
