import { USUAL_POLICY } from '@parlance/assessment';
import type { Column } from './column.js';
import {
  type CategoryPolicy,
  type CellView,
  rowGrades as gradesOfRow,
  type RowReader,
} from './totals.js';

const column = (assignmentId: string, category: string, pointsPossible: number) => ({
  assignmentId,
  title: assignmentId,
  category,
  pointsPossible,
  ...{ dueAt: null, policy: USUAL_POLICY, policyVersion: 0, learnerIds: null, exceptions: [] },
});

const teacher: RowReader = {
  ...{ learnerId: 'lea', excused: new Set(), now: new Date('2026-03-10T00:00:00Z') },
  isLearner: false,
};
const rowGrades = (
  columns: Column[],
  policies: CategoryPolicy[],
  of: ReadonlyMap<string, CellView>,
  reader = teacher,
) => gradesOfRow(columns, policies, of, reader);

function graded(assignmentId: string, points: number, pointsPossible: number): CellView {
  return {
    id: `cell-${assignmentId}`,
    assignmentId,
    status: 'graded',
    points,
    pointsPossible,
    overridden: false,
    version: 1,
    submittedAt: '2026-03-02T09:00:00.000Z',
    firstScoredAt: '2026-03-02T09:00:01.000Z',
    ...{ deduction: 0, isReleased: true, policyVersion: 0 },
  };
}

const cells = (...views: CellView[]) => new Map(views.map((view) => [view.assignmentId, view]));

const policy = (name: string, weight: number | null, dropLowest = 0): CategoryPolicy => ({
  name,
  weight,
  dropLowest,
  dropHighest: 0,
});

describe('the totals of a row', () => {
  it('are plain points without weights', () => {
    const columns = [column('a', 'Homework', 10), column('b', 'Test', 20)];
    const row = rowGrades(columns, [], cells(graded('a', 8, 10)));
    expect(row.total).toEqual({
      points: 8,
      pointsPossible: 10,
      currentPercent: 80,
      finalPercent: 26.67,
    });
    expect(row.categories).toMatchObject([
      { name: 'Homework', weight: null, points: 8, pointsPossible: 10, percent: 80 },
      { name: 'Test', points: 0, pointsPossible: 0, percent: null, finalPercent: 0 },
    ]);
    expect(row.cells[1]).toMatchObject({ id: null, status: 'ungraded', points: null, version: 0 });
  });

  it('count what is open as nothing in the final total, dropping the lowest (G4)', () => {
    const columns = [column('a', 'Quiz', 10), column('b', 'Quiz', 20), column('c', 'Quiz', 10)];
    const row = rowGrades(
      columns,
      [policy('Quiz', null, 1)],
      cells(graded('a', 8, 10), graded('c', 0, 10)),
    );
    expect(row.total).toMatchObject({ currentPercent: 80, finalPercent: 40 });
  });

  it('leave a category with nothing graded out of the current total (G5)', () => {
    const columns = [column('a', 'Homework', 50), column('b', 'Test', 100)];
    const row = rowGrades(
      columns,
      [policy('Homework', 40), policy('Test', 60)],
      cells(graded('a', 45, 50)),
    );
    expect(row.total).toMatchObject({ currentPercent: 90, finalPercent: 36 });
  });

  it('do not scale weights above 100 down (G6)', () => {
    const columns = [column('a', 'One', 50), column('b', 'Two', 50)];
    const row = rowGrades(
      columns,
      [policy('One', 60), policy('Two', 60)],
      cells(graded('a', 50, 50), graded('b', 40, 50)),
    );
    expect(row.total.currentPercent).toBe(108);
  });

  it('are none when only a category without weight is graded (G7)', () => {
    const columns = [column('a', 'Zero', 50), column('b', 'All', 50)];
    const row = rowGrades(
      columns,
      [policy('Zero', 0), policy('All', 100)],
      cells(graded('a', 50, 50)),
    );
    expect(row.total.currentPercent).toBeNull();
  });

  it('round once, at the end (G8)', () => {
    const columns = [column('a', 'A', 3), column('b', 'B', 3), column('c', 'C', 3)];
    const row = rowGrades(
      columns,
      [policy('A', 33), policy('B', 33), policy('C', 33)],
      cells(graded('a', 2, 3), graded('b', 1, 3), graded('c', 3, 3)),
    );
    expect(row.total.currentPercent).toBe(66.67);
  });

  it('do not count a cell whose assignment is not in the gradebook', () => {
    const row = rowGrades([column('a', 'A', 10)], [], cells(graded('gone', 10, 10)));
    expect(row.cells).toHaveLength(1);
    expect(row.total.currentPercent).toBeNull();
  });
});

describe('a cell that was never handed in', () => {
  const missing = { ...USUAL_POLICY, missing: { deductionPercent: 60 } };
  const due = { ...column('a', 'A', 10), policy: missing, dueAt: '2026-03-09T00:00:00.000Z' };
  const cell = (one: Column, reader = teacher) => rowGrades([one], [], cells(), reader).cells[0];

  it('is missing after due and grace, with what the policy leaves of it', () => {
    expect(cell(due)).toMatchObject({ status: 'missing', points: 4 });
    expect(rowGrades([due], [], cells()).total.currentPercent).toBe(40);
    const atDue = { ...teacher, now: new Date('2026-03-09T00:01:00Z') };
    expect(cell(due, atDue)).toMatchObject({ status: 'ungraded', points: null });
  });

  it('is open without such a policy, before the learner\u2019s own due date, or when excused', () => {
    expect(cell({ ...due, policy: USUAL_POLICY })?.status).toBe('ungraded');
    const own = [{ learnerId: 'lea', dueAt: '2026-03-11T00:00:00.000Z' }];
    expect(cell({ ...due, exceptions: own })?.status).toBe('ungraded');
    expect(cell({ ...due, exceptions: [{ learnerId: 'lea', dueAt: null }] })?.status).toBe(
      'ungraded',
    );
    expect(cell({ ...due, learnerIds: ['others'] })?.status).toBe('not-assigned');
    expect(cell(due, { ...teacher, excused: new Set(['a']) })?.status).toBe('excused');
  });
});

it('a learner sees neither a score that is not released nor a total of it', () => {
  const columns = [column('a', 'A', 10), column('b', 'A', 10)];
  const both = cells({ ...graded('a', 2, 10), isReleased: false }, graded('b', 8, 10));
  const own = rowGrades(columns, [], both, { ...teacher, isLearner: true });
  expect(own.cells[0]).toMatchObject({ status: 'pending-review', points: null });
  expect(own.total.currentPercent).toBe(80);
  expect(rowGrades(columns, [], both).total.currentPercent).toBe(50);
});
