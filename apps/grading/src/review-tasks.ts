import { Injectable } from '@nestjs/common';
import type { Responses, ResponseValue } from '@parlance/assessment';
import { type Id, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import { roundPoints, storableText, sumPoints } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, type IdempotentRequest, once } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { idIn, reviewerOf } from './access.js';
import { AttemptScoreStore, type Origin } from './db/attempt-score.store.js';
import { type ReviewTask, ReviewTaskStore, type TaskFilter } from './db/review-task.store.js';
import { reviewed } from './domain/attempt-score.js';
import { ScoreVersions } from './score-versions.js';

/** A task with what the learner wrote. */
export interface OpenedTask extends ReviewTask {
  response: ResponseValue;
  /** All answers to the item: what to read when the item is marked as a whole. */
  responses: Responses;
}

export interface MarkedTask extends ReviewTask {
  scoreVersion: number;
}

/** What people have to mark, one claimed task at a time. */
@Injectable()
export class ReviewTasks {
  constructor(
    private readonly database: Database,
    private readonly store: ReviewTaskStore,
    private readonly scores: AttemptScoreStore,
    private readonly versions: ScoreVersions,
  ) {}

  list(
    actor: Actor,
    filter: TaskFilter,
    page: { limit: number; cursor?: string },
  ): Promise<Page<ReviewTask>> {
    const after = page.cursor === undefined ? null : idIn(page.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const limits = { after, limit: page.limit + 1 };
      const rows = await this.store.list(tx, reviewerOf(actor), filter, limits);
      return pageOf(rows, page.limit, (row) => [row.id]);
    });
  }

  read(actor: Actor, taskId: Id): Promise<OpenedTask> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const task = await this.store.find(tx, reviewerOf(actor), taskId);
      if (task === null) throw notFound('review task');
      return this.opened(tx, task);
    });
  }

  /** The oldest task nobody is at, for the caller alone until the lease ends. */
  claim(actor: Actor, assignmentId: Id | null, key: string | undefined): Promise<OpenedTask> {
    const operation = 'claim-review-task';
    const request: IdempotentRequest = { actor, key, operation, body: { assignmentId } };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const task = await this.store.claimNext(tx, reviewerOf(actor), assignmentId);
        if (task === null) {
          throw new Refusal('not-found', 'no-review-task', 'There is nothing to mark.');
        }
        return this.opened(tx, task);
      }),
    );
  }

  /** Also takes up a lease again that ran out, as long as nobody else has claimed the task. */
  renewLease(actor: Actor, taskId: Id): Promise<{ id: Id; leaseUntil: Date | null }> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const task = await this.lock(tx, actor, taskId);
      refuseDone(task);
      requireHolder(task, actor);
      return { id: taskId, leaseUntil: await this.store.setLease(tx, taskId, actor.personId) };
    });
  }

  release(actor: Actor, taskId: Id): Promise<void> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const task = await this.lock(tx, actor, taskId);
      refuseDone(task);
      requireHolder(task, actor);
      await this.store.setLease(tx, taskId, null);
    });
  }

  /**
   * Marks a task whose lease the caller holds, or mends a mark of theirs. Each gives the attempt
   * a new score version; the same mark again changes nothing.
   */
  mark(
    actor: Actor,
    taskId: Id,
    given: { points: number; comment: string | null },
  ): Promise<MarkedTask> {
    const points = roundPoints(given.points);
    const comment = given.comment === null ? null : storableText(given.comment);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const task = await this.lock(tx, actor, taskId);
      requireMayMark(task, actor);
      requireWithin(points, task.pointsPossible);
      const locked = await this.scores.lock(tx, task.attemptId, actor.personId);
      if (locked === null) throw new Error(`Review task ${taskId} has no score.`);
      const { score } = locked;
      if (task.status === 'done' && task.points === points && task.comment === comment) {
        return { ...task, scoreVersion: score.version };
      }
      const others = await this.store.others(tx, task.attemptId, taskId);
      const computedPoints = sumPoints([score.autoPoints, others.points, points]);
      const next = reviewed(score, { computedPoints, openReviews: others.open });
      const origin: Origin = {
        cause: 'reviewed',
        actorId: actor.personId,
        traceId: currentTraceId() ?? null,
        at: new Date(),
      };
      const mark = { points, comment, scoreVersion: next.version };
      const marked = await this.store.mark(tx, taskId, mark, origin);
      await this.versions.next(tx, actor.institutionId, next, origin);
      return { ...marked, scoreVersion: next.version };
    });
  }

  private async lock(tx: Tx, actor: Actor, taskId: Id): Promise<ReviewTask> {
    const task = await this.store.lock(tx, reviewerOf(actor), taskId);
    if (task === null) throw notFound('review task');
    return task;
  }

  private async opened(tx: Tx, task: ReviewTask): Promise<OpenedTask> {
    const responses = await this.store.responses(tx, task);
    const response = task.responseId === null ? null : (responses[task.responseId] ?? null);
    return { ...task, response, responses };
  }
}

function refuseDone(task: ReviewTask): void {
  if (task.status !== 'done') return;
  throw new Refusal('conflict', 'review-task-done', 'This task has been marked.');
}

function requireHolder(task: ReviewTask, actor: Actor): void {
  if (task.claimedBy === actor.personId) return;
  if (task.status === 'claimed') {
    throw new Refusal('conflict', 'claimed-by-other', 'Somebody else has claimed this task.');
  }
  throw new Refusal('conflict', 'lease-lost', 'You do not hold this task; claim it again.');
}

function requireMayMark(task: ReviewTask, actor: Actor): void {
  if (task.status === 'done') {
    if (task.markedBy !== actor.personId) refuseDone(task);
    return;
  }
  requireHolder(task, actor);
  if (task.status === 'claimed') return;
  const detail = 'Your claim ran out; renew the lease before you mark.';
  throw new Refusal('conflict', 'lease-lost', detail);
}

function requireWithin(points: number, pointsPossible: number): void {
  if (points <= pointsPossible) return;
  const detail = `must be from 0 to ${pointsPossible}`;
  throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [
    { pointer: '/points', detail },
  ]);
}
