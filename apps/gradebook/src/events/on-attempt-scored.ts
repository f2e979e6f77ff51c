import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AttemptScored, type AttemptScoredData, type EventEnvelope } from '@parlance/events';
import type { EventBatchContext } from '@parlance/messaging';
import { Cells } from '../cells.js';
import { changeOf } from '../score-change.js';

@Controller()
export class OnAttemptScored {
  constructor(private readonly cells: Cells) {}

  @EventPattern<string>(AttemptScored.type, { batch: true })
  async handle(
    @Payload() events: EventEnvelope<AttemptScoredData>[],
    @Ctx() batch: EventBatchContext,
  ): Promise<void> {
    const changes = events.map((event) => ({
      ...{ cause: event.data.cause, actorId: event.data.actorId },
      traceId: batch.traceIdOf(event),
      changes: [changeOf(event.data)],
      within: <R>(work: () => R) => batch.within(event, work),
    }));
    await this.cells.apply(changes, batch);
  }
}
