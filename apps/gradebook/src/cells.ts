import { Injectable } from '@nestjs/common';
import { CellChanged, type CellChangedData } from '@parlance/events';
import { derivedId, type Id } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { type Cell, type CellKey, CellStore, type CellWrite, keyOf } from './db/cell.store.js';
import { ColumnStore } from './db/column.store.js';
import { type Attempts, gradeOf, type GradeRules, isSameGrade } from './domain/cell.js';
import { rulesOf } from './domain/column.js';

/** What becomes of one learner's attempts at one assignment. */
export interface CellChange extends CellKey {
  classId: Id;
  /** The attempts with what arrived in them; null when it is no news. */
  change(known: Attempts): Attempts | null;
}

/** All that one event changes. */
export interface CellChanges {
  cause: string;
  actorId: Id | null;
  traceId: string | null;
  changes: CellChange[];
  /** Tells of it as caused by the event. */
  within<R>(work: () => R): R;
}

/** The transaction that it all happens in. */
export interface CellWork {
  tx: Tx;
  institutionId: Id;
  appliedAt: Date;
}

/** What each learner earned for each assignment. */
@Injectable()
export class Cells {
  constructor(
    private readonly store: CellStore,
    private readonly columns: ColumnStore,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Takes in what events say of attempts. It is kept even when the assignment or the enrolment has
   * not arrived yet: the gradebook shows the cell once both are known.
   */
  async apply(events: readonly CellChanges[], work: CellWork): Promise<void> {
    const keys = events.flatMap(({ changes }) => changes);
    await this.store.lock(work.tx, keys);
    const columns = await this.columns.findAll(
      work.tx,
      keys.map(({ assignmentId }) => assignmentId),
    );
    const known = await this.store.find(work.tx, keys);
    await this.write(events, known, work, ({ assignmentId, learnerId }) =>
      rulesOf(columns.get(assignmentId) ?? null, learnerId),
    );
  }

  /**
   * Grades every cell of an assignment anew, by the rules that hold now. Its column is locked by
   * who changed them.
   */
  async regrade(assignmentId: Id, traceId: string, work: CellWork): Promise<void> {
    const column = await this.columns.find(work.tx, assignmentId);
    if (column === null) return;
    const known = await this.store.ofColumn(work.tx, assignmentId);
    const changes = [...known.values()].map((cell) => ({
      ...cell,
      change: (same: Attempts) => same,
    }));
    const event = { cause: 'policy', actorId: null, traceId, changes, within: now };
    await this.write([event], known, work, ({ learnerId }) => rulesOf(column, learnerId));
  }

  private async write(
    events: readonly CellChanges[],
    known: Map<string, Cell>,
    work: CellWork,
    rulesFor: (change: CellChange) => GradeRules,
  ): Promise<void> {
    const { tx, institutionId, appliedAt } = work;
    const writes = new Map<string, CellWrite>();
    const told: { event: CellChanges; cells: Cell[] }[] = [];
    for (const event of events) {
      const { cause, actorId, traceId } = event;
      const cells: Cell[] = [];
      for (const change of event.changes) {
        const key = keyOf(change);
        const before = known.get(key);
        const attempts = change.change(before?.attempts ?? {});
        if (attempts === null) continue;
        const cell = nextCell(before, change, attempts, rulesFor(change));
        if (cell === before) continue;
        known.set(key, cell);
        const write = writes.get(key) ?? { cell, versions: [] };
        writes.set(key, write);
        write.cell = cell;
        if (cell.version === before?.version) continue;
        write.versions.push({ cell, cause, actorId, traceId });
        cells.push(cell);
      }
      if (cells.length > 0) told.push({ event, cells });
    }
    await this.store.write(tx, [...writes.values()], appliedAt);
    for (const { event, cells } of told) {
      const news = cells.map((cell) => ({
        version: cell.version,
        institutionId,
        data: changedData(cell, appliedAt),
      }));
      await event.within(() => this.outbox.addAll(tx, CellChanged, news));
    }
  }
}

const now = <R>(work: () => R): R => work();

/** The same when nothing has changed, and of the version it had when it shows what it did. */
function nextCell(
  before: Cell | undefined,
  { assignmentId, classId, learnerId }: CellChange,
  attempts: Attempts,
  rules: GradeRules,
): Cell {
  const grade = gradeOf(attempts, rules);
  if (before !== undefined && isSameGrade(before.grade, grade)) {
    return attempts === before.attempts ? before : { ...before, attempts };
  }
  // So that a rebuild from events gives the cell the id that others know it by.
  const id = before?.id ?? derivedId('cell', assignmentId, learnerId);
  const version = (before?.version ?? 0) + 1;
  const { policyVersion } = rules;
  return { id, assignmentId, classId, learnerId, attempts, grade, policyVersion, version };
}

function changedData(cell: Cell, changedAt: Date): CellChangedData {
  const { id, assignmentId, classId, learnerId, grade, version } = cell;
  return {
    cellId: id,
    assignmentId,
    classId,
    learnerId,
    cellVersion: version,
    // Others show it to learners: until they may see it, it waits.
    status: grade.isReleased ? grade.status : 'pending-review',
    points: grade.isReleased ? grade.points : null,
    pointsPossible: grade.pointsPossible,
    overridden: grade.overridden,
    submittedAt: grade.submittedAt,
    changedAt: changedAt.toISOString(),
  };
}
