import { Injectable } from '@nestjs/common';
import { USUAL_POLICY } from '@parlance/assessment';
import { AssignmentPublished, type AssignmentPublishedData } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { currentTraceId } from '@parlance/telemetry';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptStore } from './db/attempt.store.js';
import type { Assignment } from './domain/assignment.js';
import { isRestricted } from './domain/audience.js';
import { type LearnerWindow, Windows } from './windows.js';

/** Keeps an assignment and tells others of it, with all that follows from the change. */
@Injectable()
export class Announcements {
  constructor(
    private readonly store: AssignmentStore,
    private readonly attempts: AttemptStore,
    private readonly windows: Windows,
    private readonly outbox: Outbox,
  ) {}

  /** Keeps a new version of a locked assignment; attempts in progress follow it at once. */
  async save(tx: Tx, institutionId: Id, assignment: Assignment): Promise<Assignment> {
    await this.attempts.lockWindows(tx, assignment.id);
    await this.store.update(tx, institutionId, assignment, currentTraceId());
    if (assignment.status === 'draft') return assignment;
    await this.windows.refresh(tx, institutionId, assignment, null);
    await this.tell(tx, institutionId, assignment);
    return assignment;
  }

  /** Something beside the assignment itself changed what it means to learners. */
  async changed(tx: Tx, institutionId: Id, assignmentId: Id): Promise<void> {
    const assignment = await this.store.lock(tx, institutionId, assignmentId);
    if (assignment === undefined || assignment.status === 'draft') return;
    await this.save(tx, institutionId, { ...assignment, version: assignment.version + 1 });
  }

  private async tell(tx: Tx, institutionId: Id, assignment: Assignment): Promise<void> {
    const windows = await this.windows.of(tx, institutionId, assignment, null);
    await this.outbox.add(tx, AssignmentPublished, {
      institutionId,
      version: assignment.version,
      data: {
        ...plainFacts(assignment),
        ...policyFacts(assignment),
        ...whoFacts(assignment, windows),
      },
    });
  }
}

function plainFacts(assignment: Assignment): AssignmentPublishedData {
  const { id, classId, title, category, pointsPossible, status, timeZone } = assignment;
  const { opensAt, dueAt, closesAt } = assignment;
  if (opensAt === null || pointsPossible === null || status === 'draft') {
    throw new Error('A published assignment has neither opening nor points.');
  }
  return {
    assignmentId: id,
    ...{ classId, title, category, pointsPossible, status, timeZone },
    opensAt: opensAt.toISOString(),
    ...(dueAt === null ? {} : { dueAt: dueAt.toISOString() }),
    ...(closesAt === null ? {} : { closesAt: closesAt.toISOString() }),
  };
}

function policyFacts({ policyVersion, policy }: Assignment): Partial<AssignmentPublishedData> {
  const { attempts, late, missing } = policy ?? USUAL_POLICY;
  return {
    policyVersion,
    attemptRule: attempts,
    ...(late === null
      ? {}
      : {
          latePercentPerInterval: late.percentPerInterval,
          lateIntervalSeconds: late.intervalSeconds,
          lateFloorPercent: late.floorPercent,
          lateGraceSeconds: late.graceSeconds,
        }),
    ...(missing === null ? {} : { missingDeductionPercent: missing.deductionPercent }),
  };
}

/** Who has it, unless all of the class do, and whose due date is another. */
function whoFacts(
  assignment: Assignment,
  windows: readonly LearnerWindow[],
): Partial<AssignmentPublishedData> {
  const audience = windows.filter(({ isAudience }) => isAudience);
  const dueMs = assignment.dueAt?.getTime();
  const exceptions = audience
    .filter(({ due }) => due?.at.getTime() !== dueMs)
    .map(({ learnerId, due }) => ({ learnerId, dueAt: due?.at.toISOString() ?? null }));
  return {
    ...(isRestricted(assignment) ? { learnerIds: audience.map(({ learnerId }) => learnerId) } : {}),
    ...(exceptions.length === 0 ? {} : { exceptions }),
  };
}
