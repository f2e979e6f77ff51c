import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AttemptsRescored, type AttemptsRescoredData, type EventEnvelope } from '@parlance/events';
import type { EventBatchContext } from '@parlance/messaging';
import { Cells } from '../cells.js';
import { changeOf } from '../score-change.js';

@Controller()
export class OnAttemptsRescored {
  constructor(private readonly cells: Cells) {}

  // Hundreds of cells each, which are locked: one event is enough for a transaction.
  @EventPattern<string>(AttemptsRescored.type, { batch: true, alone: true, atMost: 2 })
  async handle(
    @Payload() events: EventEnvelope<AttemptsRescoredData>[],
    @Ctx() batch: EventBatchContext,
  ): Promise<void> {
    const changes = events.map((event) => {
      const { scores } = event.data;
      const { cause = 'rescored', actorId = null } = scores[0] ?? {};
      const traceId = batch.traceIdOf(event);
      const within = <R>(work: () => R) => batch.within(event, work);
      return { cause, actorId, traceId, changes: scores.map(changeOf), within };
    });
    await this.cells.apply(changes, batch);
  }
}
