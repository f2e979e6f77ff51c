import { Injectable } from '@nestjs/common';
import type { GradePolicy } from '@parlance/assessment';
import { type Id, notFound } from '@parlance/kernel';
import { type Actor, Database } from '@parlance/platform';
import { CellStore } from './db/cell.store.js';
import { ColumnStore } from './db/column.store.js';
import { ExcusalStore } from './db/excusal.store.js';
import { type Learner, RosterStore } from './db/roster.store.js';
import { type Attempts, gradeOf } from './domain/cell.js';
import { type Column, rulesOf } from './domain/column.js';
import { type CellView, type RowReader, shownCell } from './domain/totals.js';
import { Gradebooks } from './gradebooks.js';

export type SimulatedGrade = Pick<CellView, 'status' | 'points' | 'deduction'>;

export interface Simulation {
  raised: number;
  lowered: number;
  unchanged: number;
  items: (Learner & { before: SimulatedGrade; after: SimulatedGrade })[];
}

/** Most learners of a class that are looked at. */
const MAX_LEARNERS = 2000;

/** What a policy would make of the scores there are; nothing is changed by asking. */
@Injectable()
export class Simulations {
  constructor(
    private readonly database: Database,
    private readonly gradebooks: Gradebooks,
    private readonly roster: RosterStore,
    private readonly columns: ColumnStore,
    private readonly cells: CellStore,
    private readonly excusals: ExcusalStore,
  ) {}

  async run(
    actor: Actor,
    classId: Id,
    asked: { assignmentId: Id; policy: GradePolicy },
  ): Promise<Simulation> {
    const { assignmentId, policy } = asked;
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.gradebooks.requireTeacher(tx, actor, classId);
      const columns = await this.columns.ofClass(tx, classId);
      const column = columns.find((one) => one.assignmentId === assignmentId);
      if (column === undefined) throw notFound('assignment');
      const learners = await this.roster.learnersAfter(tx, classId, null, MAX_LEARNERS);
      const attempts = await this.cells.attemptsOf(tx, assignmentId);
      const ids = learners.map(({ learnerId }) => learnerId);
      const excused = await this.excusals.ofLearners(tx, classId, ids);
      const now = new Date();
      const items = learners.map((learner) => {
        const { learnerId } = learner;
        const own = attempts.get(learnerId);
        const isExcused = excused.get(learnerId) ?? new Set<Id>();
        const reader = { learnerId, excused: isExcused, now, isLearner: false };
        const before = gradedBy(column, own, reader);
        const after = gradedBy({ ...column, policy }, own, reader);
        return { ...learner, before, after };
      });
      return counted(items);
    });
  }
}

function gradedBy(column: Column, attempts: Attempts | undefined, reader: RowReader) {
  const grade = attempts && gradeOf(attempts, rulesOf(column, reader.learnerId));
  const { status, points, deduction } = shownCell(column, grade && viewOf(column, grade), reader);
  return { status, points, deduction };
}

function viewOf(column: Column, grade: ReturnType<typeof gradeOf>): CellView {
  const { assignmentId, policyVersion } = column;
  const { attemptId: _, ...shown } = grade;
  return { ...shown, assignmentId, policyVersion, id: null, version: 0, firstScoredAt: null };
}

function counted(items: Simulation['items']): Simulation {
  const change = ({ before, after }: Simulation['items'][number]) =>
    Math.sign((after.points ?? 0) - (before.points ?? 0));
  const signs = items.map(change);
  return {
    raised: signs.filter((sign) => sign > 0).length,
    lowered: signs.filter((sign) => sign < 0).length,
    unchanged: signs.filter((sign) => sign === 0).length,
    items,
  };
}
