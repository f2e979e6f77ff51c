import { Injectable } from '@nestjs/common';
import {
  derivedId,
  type Id,
  newDayId,
  notFound,
  Refusal,
  roundPoints,
  storableText,
} from '@parlance/kernel';
import { type Actor, Database, once } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { mayGrade, reviewerOf } from './access.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptScoreStore, type Origin } from './db/attempt-score.store.js';
import { EnrolmentStore } from './db/enrolment.store.js';
import { ReviewTaskStore } from './db/review-task.store.js';
import type { AttemptScore } from './domain/attempt-score.js';
import { Marks } from './marks.js';

export interface ScoreEntry {
  assignmentId: Id;
  learnerId: Id;
  points: number;
  comment: string | null;
  /** An upload that shows the work, e.g. a photo of the paper. */
  evidenceUploadId: Id | null;
}

/** Work on paper or in class: points a teacher enters for a learner who has no attempt. */
@Injectable()
export class ScoreEntries {
  constructor(
    private readonly database: Database,
    private readonly assignments: AssignmentStore,
    private readonly enrolments: EnrolmentStore,
    private readonly scores: AttemptScoreStore,
    private readonly tasks: ReviewTaskStore,
    private readonly marks: Marks,
  ) {}

  /** Makes a score with one task, and marks that: from there on it is a mark like any other. */
  enter(actor: Actor, entry: ScoreEntry, key: string | undefined) {
    const { assignmentId, learnerId, evidenceUploadId } = entry;
    const { institutionId, personId } = actor;
    const request = { actor, key, operation: 'enter-score', body: entry };
    return this.database.inInstitution(institutionId, (tx) =>
      once(tx, request, async () => {
        const assignment = await this.assignments.known(tx, assignmentId);
        if (assignment === null) throw notFound('assignment');
        const { classId, pointsPossible, dueAt } = assignment;
        const isTaught = await this.enrolments.teaches(tx, personId, classId);
        if (!mayGrade(actor, isTaught)) throw notFound('assignment');
        if (!(await this.enrolments.learnsIn(tx, learnerId, classId))) throw notFound('learner');
        const points = roundPoints(entry.points);
        if (points > pointsPossible) {
          throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [
            { pointer: '/points', detail: `must be from 0 to ${pointsPossible}` },
          ]);
        }
        const origin = originOf(actor);
        // The same for the same learner, so that one who is entered twice is not graded twice.
        const attemptId = derivedId('entry', assignmentId, learnerId);
        const score = entered(
          { attemptId, assignmentId, classId, learnerId },
          pointsPossible,
          dueAt,
          origin.at,
        );
        const need = { slot: 1, itemVersionId: null, responseId: null, pointsPossible };
        const task = { ...need, id: newDayId(), round: 1 as const, doubleThreshold: null };
        if (!(await this.scores.addFirst(tx, score, [], [task], origin))) {
          const detail = 'There is an entry for this learner: mend its mark instead.';
          throw new Refusal('conflict', 'score-entry-exists', detail);
        }
        const locked = await this.tasks.lock(tx, reviewerOf(actor), task.id);
        if (locked === null) throw new Error('A task vanished in its own transaction.');
        await this.tasks.setEvidence(tx, task.id, evidenceUploadId);
        const comment = entry.comment === null ? null : storableText(entry.comment);
        const mark = { points, comment, annotations: [], rubric: null };
        const { version } = await this.marks.write(tx, institutionId, score, locked, mark, origin);
        return { attemptId, taskId: task.id, learnerId, points, pointsPossible, version };
      }),
    );
  }
}

function originOf(actor: Actor): Origin {
  const traceId = currentTraceId() ?? null;
  return { cause: 'entered', actorId: actor.personId, traceId, at: new Date() };
}

function entered(
  ids: { attemptId: Id; assignmentId: Id; classId: Id; learnerId: Id },
  pointsPossible: number,
  dueAt: Date | null,
  at: Date,
): AttemptScore {
  return {
    ...ids,
    attemptNumber: 1,
    submittedAt: at,
    dueAt,
    submission: null,
    version: 1,
    status: 'provisional',
    autoPoints: 0,
    computedPoints: 0,
    pointsPossible,
    override: null,
    firstScoredAt: at,
    runAts: [at],
  };
}
