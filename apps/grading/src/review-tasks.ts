import { Injectable } from '@nestjs/common';
import type { Responses, ResponseValue } from '@parlance/assessment';
import { type Id, isId, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import {
  type Actor,
  Database,
  type IdempotentRequest,
  namelessKey,
  ObjectStore,
  once,
  uploadKey,
} from '@parlance/platform';
import { idIn, reviewerOf } from './access.js';
import { refuseDone, requireHolder } from './claims.js';
import {
  type ReviewTask,
  ReviewTaskStore,
  type TaskCount,
  type TaskFilter,
} from './db/review-task.store.js';
import type { MarkingRubric } from './domain/marking-rubric.js';
import { MarkingRubrics } from './marking-rubrics.js';
import { namelessResponses, namelessUploadId, type ShownTask, ShownTasks } from './shown-tasks.js';

/** A task with what the learner wrote. */
export interface OpenedTask extends ShownTask {
  response: ResponseValue;
  /** All answers to the item: what to read when the item is marked as a whole. */
  responses: Responses;
  /** The rubric to mark by; null: the marker gives points. */
  markingRubric: MarkingRubric | null;
}

/** Where a recording or file can be had for a while, by whoever has the URL. */
export interface Recording {
  url: string;
  mediaType: string;
  expiresAt: Date;
}

/** Long enough to listen to a long recording twice. */
const RECORDING_SECONDS = 3600;

/** What people have to mark, one claimed task at a time. */
@Injectable()
export class ReviewTasks {
  constructor(
    private readonly database: Database,
    private readonly store: ReviewTaskStore,
    private readonly shown: ShownTasks,
    private readonly rubrics: MarkingRubrics,
    private readonly objects: ObjectStore,
  ) {}

  list(
    actor: Actor,
    filter: TaskFilter,
    page: { limit: number; cursor?: string },
  ): Promise<Page<ShownTask>> {
    const after = page.cursor === undefined ? null : idIn(page.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const limits = { after, limit: page.limit + 1 };
      const rows = await this.store.list(tx, reviewerOf(actor), filter, limits);
      const shown = await this.shown.toMarker(tx, actor, rows);
      return pageOf(shown, page.limit, (row) => [row.id]);
    });
  }

  read(actor: Actor, taskId: Id): Promise<OpenedTask> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const task = await this.store.find(tx, reviewerOf(actor), taskId);
      if (task === null) throw notFound('review task');
      return this.opened(tx, actor, task);
    });
  }

  /** The recording or file that was handed in as the answer to a task. */
  async recording(actor: Actor, taskId: Id): Promise<Recording> {
    const { institutionId } = actor;
    const keys = await this.database.inInstitution(institutionId, async (tx) => {
      const task = await this.store.find(tx, reviewerOf(actor), taskId);
      if (task === null) throw notFound('review task');
      const answer = (await this.store.answer(tx, task)).responses[task.responseId ?? ''];
      if (!isId(answer)) throw notFound('recording');
      const [shown] = await this.shown.toMarker(tx, actor, [task]);
      const isNameless = shown?.attemptId === null;
      const nameless = namelessKey(institutionId, namelessUploadId(institutionId, answer));
      return {
        original: uploadKey(institutionId, task.attemptId, answer),
        nameless: isNameless ? nameless : null,
      };
    });
    const key = keys.nameless ?? keys.original;
    if (keys.nameless !== null) await this.copyOnce(keys.original, keys.nameless);
    const object = await this.objects.head(key);
    if (object === undefined) throw notFound('recording');
    const { mediaType } = object;
    const url = await this.objects.presignedGet(key, { seconds: RECORDING_SECONDS, mediaType });
    return { url, mediaType, expiresAt: new Date(Date.now() + RECORDING_SECONDS * 1000) };
  }

  /**
   * The key of a recording names the attempt, and the store tells everybody who loads it when it
   * was put there. A copy has a key and a date of its own.
   */
  private async copyOnce(original: string, nameless: string): Promise<void> {
    if ((await this.objects.head(nameless)) !== undefined) return;
    if ((await this.objects.head(original)) === undefined) throw notFound('recording');
    await this.objects.copy(original, nameless);
  }

  /** How much there is to mark, by assignment and slot. */
  counts(actor: Actor, filter: TaskFilter): Promise<{ items: TaskCount[] }> {
    return this.database.inInstitution(actor.institutionId, async (tx) => ({
      items: await this.store.counts(tx, reviewerOf(actor), filter),
    }));
  }

  /**
   * A task of the oldest day that nobody is at, for the caller alone until the lease ends; the task itself when
   * it is named. Tasks the caller skipped are given only by name.
   */
  claim(
    actor: Actor,
    wanted: TaskFilter & { taskId: Id | null },
    key: string | undefined,
  ): Promise<OpenedTask> {
    const operation = 'claim-review-task';
    const request: IdempotentRequest = { actor, key, operation, body: wanted };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const task = await this.store.claimNext(tx, reviewerOf(actor), wanted, wanted.taskId);
        if (task === null) {
          throw new Refusal('not-found', 'no-review-task', 'There is nothing to mark.');
        }
        return this.opened(tx, actor, task);
      }),
    );
  }

  /** Gives a claimed task to others. */
  skip(actor: Actor, taskId: Id): Promise<void> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const task = await this.lock(tx, actor, taskId);
      refuseDone(task);
      requireHolder(task, actor);
      await this.store.setLease(tx, taskId, null);
      await this.store.skip(tx, taskId, actor.personId);
    });
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

  private async lock(tx: Tx, actor: Actor, taskId: Id): Promise<ReviewTask> {
    const task = await this.store.lock(tx, reviewerOf(actor), taskId);
    if (task === null) throw notFound('review task');
    return task;
  }

  private async opened(tx: Tx, actor: Actor, task: ReviewTask): Promise<OpenedTask> {
    const [shown] = await this.shown.toMarker(tx, actor, [task]);
    const { institutionId } = actor;
    const { responses: given, scoredWith } = await this.store.answer(tx, task);
    const isNameless = shown?.attemptId === null;
    const responses = isNameless ? namelessResponses(institutionId, given) : given;
    const response = task.responseId === null ? null : (responses[task.responseId] ?? null);
    const markingRubric = await this.rubrics.ofTask(tx, institutionId, task, scoredWith);
    return { ...(shown as ShownTask), response, responses, markingRubric };
  }
}
