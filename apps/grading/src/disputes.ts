import { Injectable } from '@nestjs/common';
import {
  type Id,
  newId,
  notFound,
  type Page,
  pageOf,
  Refusal,
  storableText,
} from '@parlance/kernel';
import { type Actor, Database, once } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { idIn, reviewerOf } from './access.js';
import { DisputeStore, type DisputeMessage } from './db/dispute.store.js';
import { type Dispute, type DisputeState, said } from './domain/dispute.js';
import { Scores } from './scores.js';

export interface DisputeView extends Dispute {
  messages?: DisputeMessage[];
}

/** Learners may question what they got; teachers answer, and decide. */
@Injectable()
export class Disputes {
  constructor(
    private readonly database: Database,
    private readonly store: DisputeStore,
    private readonly scores: Scores,
  ) {}

  /** Only of one's own attempt, and only of what has been released. */
  async open(
    actor: Actor,
    attemptId: Id,
    input: { slot: number; text: string },
    key: string | undefined,
  ): Promise<DisputeView> {
    const score = await this.scores.read(actor, attemptId);
    if (score.learnerId !== actor.personId) throw notFound('score');
    if (!score.released.score || !score.released.answers) {
      throw new Refusal('conflict', 'score-not-released', 'This score has not been released.');
    }
    if (!score.items.some(({ slot }) => slot === input.slot)) {
      throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [
        { pointer: '/slot', detail: 'is no slot of the attempt' },
      ]);
    }
    const request = { actor, key, operation: `dispute:${attemptId}`, body: input };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const classId = await this.scores.classOf(tx, attemptId);
        const at = new Date();
        const ids = { id: newId(), attemptId, classId, learnerId: actor.personId };
        const dispute: Dispute = {
          ...ids,
          slot: input.slot,
          state: 'open',
          version: 1,
          openedAt: at,
        };
        if (!(await this.store.add(tx, dispute))) {
          const detail = 'There is an undecided dispute about this question already.';
          throw new Refusal('conflict', 'dispute-exists', detail);
        }
        const text = storableText(input.text);
        const message = { authorId: actor.personId, byLearner: true, text, at };
        await this.store.say(tx, dispute, message, currentTraceId() ?? null);
        return { ...dispute, messages: await this.store.messages(tx, dispute.id) };
      }),
    );
  }

  /** Upheld, the marks of the slot can be made again; what no person marked is overridden. */
  say(
    actor: Actor,
    disputeId: Id,
    input: { text: string; decision: 'upheld' | 'rejected' | null },
    key: string | undefined,
  ): Promise<DisputeView> {
    const request = { actor, key, operation: `dispute-message:${disputeId}`, body: input };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const found = await this.store.lock(tx, reviewerOf(actor), disputeId);
        if (found === null) throw notFound('dispute');
        const { isTaught, ...dispute } = found;
        const byLearner = !isTaught;
        const next = said(dispute, byLearner ? 'learner' : 'teacher', input.decision);
        const text = storableText(input.text);
        const message = { authorId: actor.personId, byLearner, text, at: new Date() };
        await this.store.say(tx, next, message, currentTraceId() ?? null);
        if (next.state === 'upheld') {
          await this.store.reopenMarks(tx, dispute.attemptId, dispute.slot);
        }
        return { ...next, messages: await this.store.messages(tx, disputeId) };
      }),
    );
  }

  list(
    actor: Actor,
    filter: { attemptId: Id | null; state: DisputeState | null },
    page: { limit: number; cursor?: string },
  ): Promise<Page<DisputeView>> {
    const after = page.cursor === undefined ? null : idIn(page.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const limits = { after, limit: page.limit + 1 };
      const rows = await this.store.list(tx, reviewerOf(actor), filter, limits);
      return pageOf(rows, page.limit, ({ id }) => [id]);
    });
  }

  read(actor: Actor, disputeId: Id): Promise<DisputeView> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const found = await this.store.lock(tx, reviewerOf(actor), disputeId);
      if (found === null) throw notFound('dispute');
      const { isTaught: _, ...dispute } = found;
      return { ...dispute, messages: await this.store.messages(tx, disputeId) };
    });
  }
}
