import { courseTotal, type GradeCell, type GradeTotal } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { CellStatus } from './cell.js';

export interface Column {
  assignmentId: Id;
  title: string;
  category: string;
  pointsPossible: number;
}

/** How a category counts. Without any weight in the class, the total is plain points. */
export interface CategoryPolicy {
  name: string;
  /** Per cent of the course. */
  weight: number | null;
  dropLowest: number;
  dropHighest: number;
}

export interface CellView {
  /** Null as long as the learner has handed in nothing. */
  id: Id | null;
  assignmentId: Id;
  status: CellStatus | 'ungraded';
  points: number | null;
  pointsPossible: number;
  overridden: boolean;
  version: number;
  submittedAt: string | null;
  /** When the first score came in; null while ungraded. */
  firstScoredAt: string | null;
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
): RowGrades {
  const row = columns.map((column) => cells.get(column.assignmentId) ?? ungraded(column));
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

function ungraded(column: Column): CellView {
  return {
    id: null,
    assignmentId: column.assignmentId,
    status: 'ungraded',
    points: null,
    pointsPossible: column.pointsPossible,
    overridden: false,
    version: 0,
    submittedAt: null,
    firstScoredAt: null,
  };
}

const STATUS = {
  graded: 'GRADED',
  'pending-review': 'PENDING_REVIEW',
  ungraded: 'UNGRADED',
} as const;

function gradeCell(cell: CellView, categoryId: string): GradeCell {
  const { assignmentId, points, pointsPossible } = cell;
  return { id: assignmentId, categoryId, status: STATUS[cell.status], points, pointsPossible };
}

function pointsOf({ points, pointsPossible }: GradeTotal) {
  return { points, pointsPossible };
}
