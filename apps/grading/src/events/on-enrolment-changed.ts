import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { EnrolmentChanged, type EnrolmentChangedData, type EventEnvelope } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { EnrolmentStore } from '../db/enrolment.store.js';

@Controller()
export class OnEnrolmentChanged {
  constructor(private readonly enrolments: EnrolmentStore) {}

  @EventPattern<string>(EnrolmentChanged.type)
  async handle(
    @Payload() event: EventEnvelope<EnrolmentChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.enrolments.put(context.tx, event.data, event.sequence);
  }
}
