import { courseTotal, type GradeCell, type GradeTotal, missingPoints } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { CellStatus } from './cell.js';
import { type Column, isAssigned, missingSince } from './column.js';

/** How a category counts. Without any weight in the class, the total is plain points. */
export interface CategoryPolicy {
  name: string;
  /** Per cent of the course. */
  weight: number | null;
  dropLowest: number;
  dropHighest: number;
}

/** missing: due and not handed in, where a policy says what that is worth. */
export type OpenStatus = 'ungraded' | 'missing' | 'excused' | 'not-assigned';

/** Whose row it is, seen by whom and when. */
export interface RowReader {
  learnerId: Id;
  /** Assignments the learner is excused from. */
  excused: ReadonlySet<Id>;
  now: Date;
  /** Learners see what is released to them, and totals of that alone. */
  isLearner: boolean;
}

export interface CellView {
  /** Null as long as the learner has handed in nothing. */
  id: Id | null;
  assignmentId: Id;
  status: CellStatus | OpenStatus;
  points: number | null;
  pointsPossible: number;
  overridden: boolean;
  version: number;
  submittedAt: string | null;
  /** When the first score came in; null while ungraded. */
  firstScoredAt: string | null;
  /** Taken for lateness. */
  deduction: number;
  isReleased: boolean;
  policyVersion: number;
}

export interface CategoryView {
  name: string;
  weight: number | null;
  points: number;
  pointsPossible: number;
  percent: number | null;
  finalPercent: number | null;
}

export interface TotalView {
  points: number;
  pointsPossible: number;
  /** Over what has been graded. */
  currentPercent: number | null;
  /** As if everything open earned nothing. */
  finalPercent: number | null;
}

export interface RowGrades {
  cells: CellView[];
  categories: CategoryView[];
  total: TotalView;
}

/** One learner's row: a cell for every column, and the totals of what is in them. */
export function rowGrades(
  columns: readonly Column[],
  policies: readonly CategoryPolicy[],
  cells: ReadonlyMap<Id, CellView>,
  reader: RowReader,
): RowGrades {
  const row = columns.map((column) => shownCell(column, cells.get(column.assignmentId), reader));
  const grades = row.map((cell, index) => gradeCell(cell, columns[index]?.category ?? ''));
  const categories = categoriesOf(columns, policies);
  const totals = courseTotal(
    grades,
    categories.map(({ name, ...rule }) => ({ id: name, ...rule })),
  );
  return {
    cells: row,
    categories: totals.categories.map(({ categoryId, current, final }, index) => ({
      name: categoryId,
      weight: categories[index]?.weight ?? null,
      ...pointsOf(current),
      percent: current.percent,
      finalPercent: final.percent,
    })),
    total: {
      ...pointsOf(totals.current),
      currentPercent: totals.current.percent,
      finalPercent: totals.final.percent,
    },
  };
}

/** Those the teacher set, and behind them those only assignments name. */
function categoriesOf(
  columns: readonly Column[],
  policies: readonly CategoryPolicy[],
): CategoryPolicy[] {
  const set = new Set(policies.map((policy) => policy.name));
  const named = new Set(columns.map((column) => column.category).filter((name) => !set.has(name)));
  const plain = { weight: null, dropLowest: 0, dropHighest: 0 };
  return [...policies, ...[...named].map((name) => ({ name, ...plain }))];
}

/** What a reader sees where a learner and a column meet. */
export function shownCell(column: Column, cell: CellView | undefined, reader: RowReader): CellView {
  if (reader.excused.has(column.assignmentId)) {
    return { ...(cell ?? open(column, 'excused', null)), status: 'excused', points: null };
  }
  if (cell === undefined) return unscored(column, reader);
  const isHidden = reader.isLearner && !cell.isReleased;
  return isHidden ? { ...cell, status: 'pending-review', points: null, deduction: 0 } : cell;
}

function unscored(column: Column, { learnerId, now }: RowReader): CellView {
  if (!isAssigned(column, learnerId)) return open(column, 'not-assigned', null);
  const since = missingSince(column, learnerId);
  if (since === null || column.policy.missing === null || since >= now) {
    return open(column, 'ungraded', null);
  }
  return open(column, 'missing', missingPoints(column.pointsPossible, column.policy.missing));
}

function open(column: Column, status: OpenStatus, points: number | null): CellView {
  const { assignmentId, pointsPossible, policyVersion } = column;
  return {
    ...{ id: null, assignmentId, status, points, pointsPossible, policyVersion },
    ...{ overridden: false, version: 0, submittedAt: null, firstScoredAt: null },
    ...{ deduction: 0, isReleased: true },
  };
}

const STATUS = {
  graded: 'GRADED',
  'pending-review': 'PENDING_REVIEW',
  ungraded: 'UNGRADED',
  missing: 'MISSING',
  excused: 'EXCUSED',
  'not-assigned': 'NOT_ASSIGNED',
} as const;

function gradeCell(cell: CellView, categoryId: string): GradeCell {
  const { assignmentId, points, pointsPossible } = cell;
  return { id: assignmentId, categoryId, status: STATUS[cell.status], points, pointsPossible };
}

function pointsOf({ points, pointsPossible }: GradeTotal) {
  return { points, pointsPossible };
}
