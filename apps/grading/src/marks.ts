import { Injectable } from '@nestjs/common';
import {
  choiceFaults,
  isRangeOf,
  type MarkerAgreement,
  markerAgreement,
  type ResponseValue,
  rubricPoints,
} from '@parlance/assessment';
import {
  type Id,
  isId,
  notFound,
  Refusal,
  roundPoints,
  storableText,
  sumPoints,
} from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { mayGrade, reviewerOf } from './access.js';
import { requireMayMark } from './claims.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptScoreStore, type Origin } from './db/attempt-score.store.js';
import { EnrolmentStore } from './db/enrolment.store.js';
import { MarkStore } from './db/mark.store.js';
import { type ReviewTask, ReviewTaskStore } from './db/review-task.store.js';
import { ReviewTaskWrites } from './db/review-task-writes.store.js';
import { type AttemptScore, reviewed } from './domain/attempt-score.js';
import { nameOf, rubricKey } from './domain/marking-rubric.js';
import type { Annotation } from './domain/score-view.js';
import { partKey, settledMarks, type TaskMark } from './domain/settled-marks.js';
import { MarkingRubrics } from './marking-rubrics.js';
import { ScoreVersions } from './score-versions.js';
import { type ShownTask, ShownTasks } from './shown-tasks.js';

/** Points, or the levels of the rubric that give them. */
export interface GivenMark {
  points: number | null;
  choices: Record<string, string> | null;
  comment: string | null;
  annotations: Annotation[];
}

export type MarkedTask = ShownTask & { scoreVersion: number };

type NewPoints = Pick<ReviewTask, 'points' | 'comment' | 'annotations' | 'rubric'> & {
  points: number;
};

/** What people give for answers. */
@Injectable()
export class Marks {
  constructor(
    private readonly database: Database,
    private readonly tasks: ReviewTaskStore,
    private readonly store: MarkStore,
    private readonly writes: ReviewTaskWrites,
    private readonly scores: AttemptScoreStore,
    private readonly versions: ScoreVersions,
    private readonly assignments: AssignmentStore,
    private readonly enrolments: EnrolmentStore,
    private readonly rubrics: MarkingRubrics,
    private readonly shown: ShownTasks,
  ) {}

  /**
   * Marks a task whose lease the caller holds, or mends a mark of theirs. Each gives the attempt
   * a new score version; the same mark again changes nothing.
   */
  mark(actor: Actor, taskId: Id, given: GivenMark): Promise<MarkedTask> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const task = await this.tasks.lock(tx, reviewerOf(actor), taskId);
      if (task === null) throw notFound('review task');
      requireMayMark(task, actor);
      const mark = await this.pointsOf(tx, actor.institutionId, task, given);
      const locked = await this.scores.lock(tx, task.attemptId, actor.personId);
      if (locked === null) throw new Error(`Review task ${taskId} has no score.`);
      const isSame = task.status === 'done' && !task.needsRemark && isSameMark(task, mark);
      const marked = isSame
        ? { task, version: locked.score.version }
        : await this.write(tx, actor.institutionId, locked.score, task, mark, originOf(actor));
      const [shown] = await this.shown.toMarker(tx, actor, [marked.task]);
      return { ...(shown as ShownTask), scoreVersion: marked.version };
    });
  }

  /** Writes a mark and the score version that follows; task and score are locked. */
  async write(
    tx: Tx,
    institutionId: Id,
    score: AttemptScore,
    task: ReviewTask,
    mark: NewPoints,
    origin: Origin,
  ): Promise<{ task: ReviewTask; version: number }> {
    const before = await this.store.ofAttempt(tx, task.attemptId);
    const after = before.map((one) =>
      one.id === task.id
        ? { ...one, ...mark, markedBy: origin.actorId, status: 'done' as const }
        : one,
    );
    const settled = settledMarks(after);
    const computedPoints = sumPoints([score.autoPoints, settled.points]);
    const next = reviewed(score, { computedPoints, openReviews: settled.open });
    const cause = task.round === 3 ? 'adjudicated' : origin.cause;
    const marked = await this.store.mark(
      tx,
      task.id,
      { ...mark, scoreVersion: next.version },
      origin,
    );
    await this.adjudicate(tx, score, task, after, settled.disputed.map(partKey));
    await this.versions.next(tx, institutionId, next, { ...origin, cause });
    return { task: marked, version: next.version };
  }

  /** How the markers of an assignment agree where two marked the same answers. */
  agreement(actor: Actor, assignmentId: Id): Promise<{ items: MarkerAgreement[] }> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.assignments.known(tx, assignmentId);
      const { personId } = actor;
      const isTaught =
        assignment !== null && (await this.enrolments.teaches(tx, personId, assignment.classId));
      if (!mayGrade(actor, isTaught)) throw notFound('assignment');
      return { items: markerAgreement(await this.store.doubleMarks(tx, assignmentId)) };
    });
  }

  /** Asks a third person where two disagree, and asks no more once they agree. */
  private async adjudicate(
    tx: Tx,
    score: AttemptScore,
    task: ReviewTask,
    tasks: readonly (TaskMark & { id: Id })[],
    disputed: readonly string[],
  ): Promise<void> {
    if (task.doubleThreshold === null || task.round === 3) return;
    if (disputed.includes(partKey(task))) {
      const { slot, responseId, pointsPossible, doubleThreshold } = task;
      const { itemVersionId } = task;
      const third = { slot, itemVersionId, responseId, pointsPossible, doubleThreshold };
      await this.writes.add(tx, score, [{ ...third, round: 3 }]);
      return;
    }
    const own = tasks.filter((one) => partKey(one) === partKey(task));
    const third = own.find((one) => one.round === 3 && one.points === null);
    const withoutThird = settledMarks(own.filter((one) => one.round !== 3));
    if (third !== undefined && withoutThird.disputed.length === 0) {
      await this.store.withdraw(tx, third.id);
    }
  }

  private async pointsOf(
    tx: Tx,
    institutionId: Id,
    task: ReviewTask,
    given: GivenMark,
  ): Promise<NewPoints> {
    const { responses, scoredWith } = await this.tasks.answer(tx, task);
    const rubric = await this.rubrics.ofTask(tx, institutionId, task, scoredWith);
    const comment = given.comment === null ? null : storableText(given.comment);
    const answer = task.responseId === null ? null : (responses[task.responseId] ?? null);
    const annotations = annotationsOf(answer, given.annotations);
    if (rubric === null) {
      if (given.points === null) throw invalid('/points', 'must be given');
      if (given.choices !== null) throw invalid('/choices', 'there is no rubric to mark by');
      const points = roundPoints(given.points);
      return { ...within(task, points, '/points'), comment, annotations, rubric: null };
    }
    const choices = given.choices ?? {};
    const faults = choiceFaults(rubric.body, choices);
    if (faults.length > 0)
      throw invalidAll(faults.map((one) => ({ ...one, pointer: `/choices${one.pointer}` })));
    const points = rubricPoints(rubric.body, choices);
    if (given.points !== null) throw invalid('/points', 'are those of the chosen levels');
    const mark = within(task, points, '/choices');
    return { ...mark, comment, annotations, rubric: { ...nameOf(rubric), choices } };
  }
}

function annotationsOf(answer: ResponseValue, annotations: readonly Annotation[]): Annotation[] {
  return annotations.map((annotation, index) => {
    if (!isOnAnswer(annotation, answer)) {
      throw invalid(`/annotations/${index}`, 'is no piece of the answer');
    }
    return { ...annotation, comment: storableText(annotation.comment) };
  });
}

function originOf(actor: Actor): Origin {
  return {
    cause: 'reviewed',
    actorId: actor.personId,
    traceId: currentTraceId() ?? null,
    at: new Date(),
  };
}

/**
 * Code points of a text, or seconds of a recording: an answer that is the id of an upload is no
 * text. How long a recording is only the device says that made it, so that is not held against it.
 */
function isOnAnswer(annotation: Annotation, answer: ResponseValue): boolean {
  const isUpload = isId(answer);
  if ('start' in annotation) {
    return typeof answer === 'string' && !isUpload && isRangeOf(answer, annotation);
  }
  const { startSeconds, endSeconds } = annotation;
  return isUpload && startSeconds >= 0 && startSeconds < endSeconds;
}

function isSameMark(task: ReviewTask, mark: NewPoints): boolean {
  const facts = ({ points, comment, annotations, rubric }: NewPoints | ReviewTask) =>
    JSON.stringify([
      points,
      comment,
      annotations.map(sorted),
      rubric && [rubricKey(rubric), sorted(rubric.choices)],
    ]);
  return facts(task) === facts(mark);
}

/** PostgreSQL keeps the keys of jsonb in an order of its own. */
function sorted(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function within(task: ReviewTask, points: number, pointer: string): { points: number } {
  if (points >= 0 && points <= task.pointsPossible) return { points };
  throw invalid(pointer, `must be from 0 to ${task.pointsPossible}`);
}

function invalid(pointer: string, detail: string): Refusal {
  return invalidAll([{ pointer, detail }]);
}

function invalidAll(faults: { pointer: string; detail: string }[]): Refusal {
  return new Refusal('invalid', 'invalid-input', 'The input does not fit.', faults);
}
