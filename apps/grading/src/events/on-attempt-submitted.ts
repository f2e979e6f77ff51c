import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AttemptSubmitted, type AttemptSubmittedData, type EventEnvelope } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { Submissions } from '../submissions.js';

@Controller()
export class OnAttemptSubmitted {
  constructor(private readonly submissions: Submissions) {}

  @EventPattern<string>(AttemptSubmitted.type)
  async handle(
    @Payload() event: EventEnvelope<AttemptSubmittedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.submissions.score(event.data, event.sequence, context);
  }
}
