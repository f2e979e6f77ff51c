import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AttemptReopened, type AttemptReopenedData, type EventEnvelope } from '@parlance/events';
import type { EventBatchContext } from '@parlance/messaging';
import { type CellChange, Cells } from '../cells.js';
import { withReopened } from '../domain/cell.js';

@Controller()
export class OnAttemptReopened {
  constructor(private readonly cells: Cells) {}

  @EventPattern<string>(AttemptReopened.type, { batch: true })
  async handle(
    @Payload() events: EventEnvelope<AttemptReopenedData>[],
    @Ctx() batch: EventBatchContext,
  ): Promise<void> {
    const changes = events
      .filter(({ data }) => data.kind === 'continue')
      .map((event) => ({
        ...{ cause: 'reopened', actorId: event.data.actorId, traceId: batch.traceIdOf(event) },
        changes: [changeOf(event.data)],
        within: <R>(work: () => R) => batch.within(event, work),
      }));
    await this.cells.apply(changes, batch);
  }
}

/** What was handed in is at work again: until it is handed in anew it does not count. */
function changeOf(reopened: AttemptReopenedData): CellChange {
  const { assignmentId, classId, learnerId, attemptId, attemptNumber } = reopened;
  const reopenedAt = new Date(reopened.reopenedAt).toISOString();
  return {
    ...{ assignmentId, classId, learnerId },
    change: (known) => withReopened(known, attemptId, { attemptNumber, reopenedAt }),
  };
}
