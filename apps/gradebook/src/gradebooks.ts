import { Injectable } from '@nestjs/common';
import {
  decodeCursor,
  type Id,
  isId,
  notFound,
  type Page,
  pageOf,
  Refusal,
} from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole } from '@parlance/platform';
import { CellStore, type CellVersion } from './db/cell.store.js';
import { ColumnStore } from './db/column.store.js';
import { type ClassAccess, type Learner, RosterStore } from './db/roster.store.js';
import { ExcusalStore } from './db/excusal.store.js';
import type { Column } from './domain/column.js';
import { type RowGrades, rowGrades } from './domain/totals.js';

export type PlainColumn = Pick<Column, 'assignmentId' | 'title' | 'category' | 'pointsPossible'>;

export interface GradebookRow extends Learner, RowGrades {}

export interface GradebookPage extends Page<GradebookRow> {
  classId: Id;
  name: string;
  columns: PlainColumn[];
}

export interface LearnerGrades extends GradebookRow {
  classId: Id;
  name: string;
  columns: PlainColumn[];
}

export interface PageRequest {
  limit: number;
  cursor?: string;
}

/** The gradebook of a class as its teachers, its learners and the admins read it. */
@Injectable()
export class Gradebooks {
  constructor(
    private readonly database: Database,
    private readonly roster: RosterStore,
    private readonly columns: ColumnStore,
    private readonly cells: CellStore,
    private readonly excusals: ExcusalStore,
  ) {}

  /** Every learner enrolled, a page at a time by name, graded or not. */
  page(actor: Actor, classId: Id, request: PageRequest): Promise<GradebookPage> {
    const after = request.cursor === undefined ? null : idIn(request.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const { name } = await this.requireTeacher(tx, actor, classId);
      const learners = await this.roster.learnersAfter(tx, classId, after, request.limit + 1);
      const page = pageOf(learners, request.limit, (learner) => [learner.learnerId]);
      const { columns, rows } = await this.rows(tx, classId, page.items, false);
      return { classId, name, columns, items: rows, nextCursor: page.nextCursor };
    });
  }

  /** One row: learners see their own alone. */
  learner(actor: Actor, classId: Id, learnerId: Id): Promise<LearnerGrades> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const access = await this.roster.classFor(tx, classId, actor.personId);
      if (access === null) throw notFound('gradebook');
      if (learnerId !== actor.personId && !mayTeach(actor, access)) throw notFound('gradebook');
      const learner = await this.roster.learner(tx, classId, learnerId);
      if (learner === null) throw notFound('learner');
      const { columns, rows } = await this.rows(tx, classId, [learner], !mayTeach(actor, access));
      const [row] = rows;
      if (row === undefined) throw new Error('A learner has one row.');
      return { classId, name: access.name, columns, ...row };
    });
  }

  cellHistory(
    actor: Actor,
    classId: Id,
    cellId: Id,
    request: PageRequest,
  ): Promise<Page<CellVersion>> {
    const after = request.cursor === undefined ? 0 : versionIn(request.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.requireTeacher(tx, actor, classId);
      const rows = await this.cells.history(tx, classId, cellId, after, request.limit + 1);
      if (rows === null) throw notFound('cell');
      return pageOf(rows, request.limit, (row) => [row.version]);
    });
  }

  /** 404 for teachers of other classes: that a class exists is for its own people to know. */
  async requireTeacher(tx: Tx, actor: Actor, classId: Id): Promise<ClassAccess> {
    const access = await this.roster.classFor(tx, classId, actor.personId);
    if (access === null || !mayTeach(actor, access)) throw notFound('gradebook');
    return access;
  }

  private async rows(tx: Tx, classId: Id, learners: readonly Learner[], isLearner: boolean) {
    const columns = await this.columns.ofClass(tx, classId);
    const { categories } = await this.columns.categories(tx, classId);
    const ids = learners.map((learner) => learner.learnerId);
    const cells = await this.cells.ofLearners(tx, classId, ids);
    const excused = await this.excusals.ofLearners(tx, classId, ids);
    const now = new Date();
    const rows = learners.map((learner): GradebookRow => {
      const { learnerId } = learner;
      const own = cells.get(learnerId) ?? new Map();
      const reader = { learnerId, excused: excused.get(learnerId) ?? NOTHING, now, isLearner };
      return { ...learner, ...rowGrades(columns, categories, own, reader) };
    });
    return { columns: columns.map(plainColumn), rows };
  }
}

const NOTHING: ReadonlySet<Id> = new Set();

/** Without whom it is for and whose dates differ: learners read it too. */
function plainColumn({ assignmentId, title, category, pointsPossible }: Column): PlainColumn {
  return { assignmentId, title, category, pointsPossible };
}

function mayTeach(actor: Actor, access: ClassAccess): boolean {
  return hasRole(actor, 'admin') || (hasRole(actor, 'teacher') && access.isTaught);
}

function idIn(cursor: string): Id {
  const [id] = decodeCursor(cursor, 1);
  if (isId(id)) return id;
  throw invalidCursor();
}

function versionIn(cursor: string): number {
  const [version] = decodeCursor(cursor, 1);
  if (Number.isInteger(version)) return version as number;
  throw invalidCursor();
}

function invalidCursor(): Refusal {
  return new Refusal('invalid', 'invalid-cursor', 'The cursor is not one this list gave out.', [
    { pointer: '/cursor', detail: 'pass nextCursor back unchanged' },
  ]);
}
