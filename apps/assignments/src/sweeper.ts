import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Id } from '@parlance/kernel';
import { Database, LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import { type Deadline, DeadlineStore } from './db/deadline.store.js';
import { sweptAt } from './domain/attempt.js';
import { HandIns } from './hand-ins.js';
import { Publications } from './publications.js';

/** Most that one turn takes on; what is left comes with the next. */
const MAX_TURN = 200;

/** How long something that failed is left alone, so that it holds up nobody else, in ms. */
const SET_ASIDE_MS = 60_000;

/**
 * Does what nobody asked for when its time has come: hands in attempts that are over, publishes
 * drafts. Several processes may sweep at once: whoever has the lock of an object does it, the
 * others pass on, and whoever comes late finds it done. Nothing depends on it being in time: after
 * the end saving is refused and reading says so, whether it was here or not.
 */
@Injectable()
export class Sweeper {
  constructor(
    private readonly database: Database,
    private readonly deadlines: DeadlineStore,
    private readonly attempts: AttemptStore,
    private readonly handIns: HandIns,
    private readonly publications: Publications,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One turn; returns how many deadlines it looked at. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const due = await this.database.asMessaging((tx) => this.deadlines.due(tx, now, MAX_TURN));
    for (const deadline of due) {
      try {
        await this.meet(deadline);
      } catch (error) {
        const { kind, objectId: object_id, institutionId: institution } = deadline;
        this.logger.error({ error, kind, object_id, institution }, 'a deadline was not met');
        await this.setAside(deadline);
      }
    }
    return due.length;
  }

  private meet({ kind, institutionId, objectId }: Deadline): Promise<void> {
    return kind === 'attempt'
      ? this.handIn(institutionId, objectId)
      : this.publications.publishDue(institutionId, objectId);
  }

  private async handIn(institutionId: Id, attemptId: Id): Promise<void> {
    await this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.lockIdle(tx, institutionId, attemptId);
      // Somebody saves or submits it this moment; then it is for the next turn.
      if (attempt === undefined) return;
      const now = this.clock.now();
      const deadline = { institutionId, kind: 'attempt' as const, objectId: attemptId };
      const dueAt = attempt.status === 'submitted' ? null : sweptAt(attempt);
      if (dueAt === null || dueAt > now) return this.deadlines.put(tx, deadline, dueAt);
      // What the teacher has taken back waits until it is out again.
      if (attempt.assignmentStatus !== 'published') {
        return this.deadlines.put(tx, deadline, new Date(now.getTime() + SET_ASIDE_MS * 60));
      }
      await this.handIns.handIn(tx, institutionId, attempt, { by: 'time', key: null, now });
    });
  }

  private async setAside(deadline: Deadline): Promise<void> {
    const later = new Date(this.clock.now().getTime() + SET_ASIDE_MS);
    await this.database
      .inInstitution(deadline.institutionId, (tx) => this.deadlines.postpone(tx, deadline, later))
      .catch(() => undefined);
  }
}
