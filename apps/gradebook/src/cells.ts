import { Injectable } from '@nestjs/common';
import { type AttemptScoredData, CellChanged } from '@parlance/events';
import { derivedId } from '@parlance/kernel';
import { type EventContext, Outbox } from '@parlance/messaging';
import { type Cell, type CellOrigin, CellStore } from './db/cell.store.js';
import { type AttemptGrade, gradeOf, isSameGrade, withAttempt } from './domain/cell.js';

/** What each learner earned for each assignment. */
@Injectable()
export class Cells {
  constructor(
    private readonly store: CellStore,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Takes in a score version. It is kept even when the assignment or the enrolment has not
   * arrived yet: the gradebook shows the cell once both are known.
   */
  async apply(scored: AttemptScoredData, context: EventContext): Promise<void> {
    const { tx } = context;
    const { assignmentId, classId, learnerId, attemptId } = scored;
    const origin: CellOrigin = {
      cause: scored.cause,
      actorId: scored.actorId,
      traceId: context.traceId ?? null,
      at: context.appliedAt,
    };
    const known = await this.store.lock(tx, assignmentId, learnerId);
    const attempts = withAttempt(known?.attempts ?? {}, attemptId, attemptGrade(scored));
    if (attempts === null) return;
    const grade = gradeOf(attempts);
    if (known === null) {
      // So that a rebuild from events gives the cell the id that others know it by.
      const id = derivedId('cell', assignmentId, learnerId);
      const ids = { id, assignmentId, classId, learnerId };
      const cell: Cell = { ...ids, attempts, grade, version: 1 };
      // Two first attempts at one moment: the other one made the cell, so now it is known.
      if (!(await this.store.add(tx, cell, origin))) return this.apply(scored, context);
      return this.tell(cell, origin, context);
    }
    if (isSameGrade(known.grade, grade)) {
      return this.store.replaceAttempts(tx, { ...known, attempts }, origin.at);
    }
    const cell: Cell = { ...known, classId, attempts, grade, version: known.version + 1 };
    await this.store.replace(tx, cell, origin);
    return this.tell(cell, origin, context);
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
        status: grade.status,
        points: grade.points,
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
  return { attemptNumber, scoreVersion, status, points, pointsPossible, overridden, submittedAt };
}
