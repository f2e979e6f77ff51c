import { decideMarks, type MarkRound } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import { sumPoints } from '@parlance/kernel';
import type { Mark } from './score-view.js';

/** One task of a part, as far as its points are concerned. */
export interface TaskMark {
  slot: number;
  responseId: string | null;
  round: MarkRound;
  /** Points two marks may be apart; null: one mark is enough. */
  doubleThreshold: number | null;
  status: 'open' | 'done' | 'withdrawn';
  points: number | null;
  comment: string | null;
  annotations: Mark['annotations'];
  rubric?: Mark['rubric'];
  markedBy: Id | null;
}

export interface SettledMarks {
  /** What people have given, where it is decided. */
  marks: Mark[];
  points: number;
  /** Parts that are not decided. */
  open: number;
  /** Parts whose two marks are too far apart, and that nobody has been asked to decide. */
  disputed: { slot: number; responseId: string | null }[];
}

/** What the tasks of one attempt come to, part by part. */
export function settledMarks(tasks: readonly TaskMark[]): SettledMarks {
  const parts = new Map<string, TaskMark[]>();
  for (const task of tasks) {
    if (task.status === 'withdrawn') continue;
    const key = partKey(task);
    parts.set(key, [...(parts.get(key) ?? []), task]);
  }
  const settled: SettledMarks = { marks: [], points: 0, open: 0, disputed: [] };
  for (const part of parts.values()) settlePart(part, settled);
  settled.points = sumPoints(settled.marks.map(({ points }) => points));
  return settled;
}

/** Equal for tasks of one part. */
export function partKey({ slot, responseId }: { slot: number; responseId: string | null }): string {
  return JSON.stringify([slot, responseId]);
}

function settlePart(part: readonly TaskMark[], settled: SettledMarks): void {
  const byRound = (round: MarkRound) => part.find((task) => task.round === round);
  const [first] = part;
  if (first === undefined) return;
  const { slot, responseId } = first;
  const threshold = part.find((task) => task.doubleThreshold !== null)?.doubleThreshold ?? null;
  if (threshold === null) {
    if (first.points === null) settled.open += 1;
    else settled.marks.push(markOf(first, first.points));
    return;
  }
  const [one, two, three] = ([1, 2, 3] as const).map((round) => byRound(round)?.points ?? null);
  const given = { first: one ?? null, second: two ?? null, third: three ?? null };
  const decision = decideMarks(given, threshold);
  if (!decision.decided) {
    settled.open += 1;
    if (decision.next === 3 && byRound(3) === undefined)
      settled.disputed.push({ slot, responseId });
    return;
  }
  // The mean is nobody's mark: the comments shown are those of whoever marked first.
  const spokesman = (decision.by === 'adjudication' ? byRound(3) : byRound(1)) ?? first;
  settled.marks.push(markOf(spokesman, decision.points));
}

function markOf(task: TaskMark, points: number): Mark {
  const { slot, responseId, comment, annotations, rubric = null, markedBy } = task;
  return { slot, responseId, points, comment, annotations, rubric, markedBy: markedBy as Id };
}
