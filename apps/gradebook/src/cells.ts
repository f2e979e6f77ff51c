import { Injectable } from '@nestjs/common';
import { type AttemptReopenedData, type AttemptScoredData, CellChanged } from '@parlance/events';
import { derivedId, type Id } from '@parlance/kernel';
import { type EventContext, Outbox, type Tx } from '@parlance/messaging';
import { type Cell, type CellOrigin, CellStore } from './db/cell.store.js';
import { ColumnStore } from './db/column.store.js';
import {
  type AttemptGrade,
  gradeOf,
  type GradeRules,
  isSameGrade,
  withAttempt,
  withReopened,
} from './domain/cell.js';
import { rulesOf } from './domain/column.js';

/** What each learner earned for each assignment. */
@Injectable()
export class Cells {
  constructor(
    private readonly store: CellStore,
    private readonly columns: ColumnStore,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Takes in a score version. It is kept even when the assignment or the enrolment has not
   * arrived yet: the gradebook shows the cell once both are known.
   */
  async apply(scored: AttemptScoredData, context: EventContext): Promise<void> {
    const { tx } = context;
    const { assignmentId, classId, learnerId, attemptId } = scored;
    const origin = this.originOf(scored.cause, scored.actorId, context);
    const rules = await this.rulesFor(tx, assignmentId, learnerId);
    const known = await this.store.lock(tx, assignmentId, learnerId);
    const attempts = withAttempt(known?.attempts ?? {}, attemptId, attemptGrade(scored));
    if (attempts === null) return;
    const ids = { assignmentId, classId, learnerId };
    // Two first attempts at one moment: the other one made the cell, so now it is known.
    if (!(await this.put(known, ids, { attempts, rules, origin }, context))) {
      return this.apply(scored, context);
    }
  }

  /** What was handed in is at work again: until it is handed in anew it does not count. */
  async reopen(reopened: AttemptReopenedData, context: EventContext): Promise<void> {
    if (reopened.kind !== 'continue') return;
    const { tx } = context;
    const { assignmentId, classId, learnerId, attemptId } = reopened;
    const rules = await this.rulesFor(tx, assignmentId, learnerId);
    const known = await this.store.lock(tx, assignmentId, learnerId);
    const reopenedAt = new Date(reopened.reopenedAt).toISOString();
    const { attemptNumber, actorId } = reopened;
    const change = { attemptNumber, reopenedAt };
    const attempts = withReopened(known?.attempts ?? {}, attemptId, change);
    const origin = this.originOf('reopened', actorId, context);
    const ids = { assignmentId, classId, learnerId };
    if (!(await this.put(known, ids, { attempts, rules, origin }, context))) {
      return this.reopen(reopened, context);
    }
  }

  /** Grades every cell of an assignment anew, by the rules that hold now. */
  async regrade(assignmentId: Id, context: EventContext): Promise<void> {
    const { tx } = context;
    const column = await this.columns.find(tx, assignmentId);
    if (column === null) return;
    const origin = this.originOf('policy', null, context);
    for (const known of await this.store.lockColumn(tx, assignmentId)) {
      const { attempts, learnerId, classId } = known;
      const rules = rulesOf(column, learnerId);
      const ids = { assignmentId, classId, learnerId };
      await this.put(known, ids, { attempts, rules, origin }, context);
    }
  }

  /** False when somebody else made the cell meanwhile. */
  private async put(
    known: Cell | null,
    ids: { assignmentId: Id; classId: Id; learnerId: Id },
    next: { attempts: Cell['attempts']; rules: GradeRules; origin: CellOrigin },
    context: EventContext,
  ): Promise<boolean> {
    const { tx } = context;
    const { attempts, rules, origin } = next;
    const { policyVersion } = rules;
    const grade = gradeOf(attempts, rules);
    if (known === null) {
      // So that a rebuild from events gives the cell the id that others know it by.
      const id = derivedId('cell', ids.assignmentId, ids.learnerId);
      const cell: Cell = { ...ids, id, attempts, grade, policyVersion, version: 1 };
      if (!(await this.store.add(tx, cell, origin))) return false;
      await this.tell(cell, origin, context);
      return true;
    }
    if (isSameGrade(known.grade, grade)) {
      if (attempts !== known.attempts) {
        await this.store.replaceAttempts(tx, { ...known, attempts }, origin.at);
      }
      return true;
    }
    const version = known.version + 1;
    const cell: Cell = { ...known, ...ids, attempts, grade, policyVersion, version };
    await this.store.replace(tx, cell, origin);
    await this.tell(cell, origin, context);
    return true;
  }

  /** Rules cannot change until the transaction ends: a regrade waits for it, or it for that. */
  private async rulesFor(tx: Tx, assignmentId: Id, learnerId: Id): Promise<GradeRules> {
    await this.columns.lockRules(tx, assignmentId, 'shared');
    return rulesOf(await this.columns.find(tx, assignmentId), learnerId);
  }

  private originOf(cause: string, actorId: Id | null, context: EventContext): CellOrigin {
    return { cause, actorId, traceId: context.traceId ?? null, at: context.appliedAt };
  }

  private async tell(cell: Cell, origin: CellOrigin, context: EventContext): Promise<void> {
    const { id, assignmentId, classId, learnerId, grade, version } = cell;
    await this.outbox.add(context.tx, CellChanged, {
      version,
      institutionId: context.institutionId,
      data: {
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
        changedAt: origin.at.toISOString(),
      },
    });
  }
}

function attemptGrade(scored: AttemptScoredData): AttemptGrade {
  const { attemptNumber, scoreVersion, status, points, pointsPossible, overridden } = scored;
  const submittedAt = new Date(scored.submittedAt).toISOString();
  const isReleased = scored.scoreReleased;
  return {
    ...{ attemptNumber, scoreVersion, status, points, pointsPossible, overridden },
    ...{ submittedAt, isReleased },
  };
}
