import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { EnrolmentChanged, type EnrolmentChangedData, type EventEnvelope } from '@parlance/events';
import { applyIfNewer, type EventContext } from '@parlance/messaging';
import { LateJoiners } from '../late-joiners.js';
import { RosterStore } from '../db/roster.store.js';

@Controller()
export class OnEnrolmentChanged {
  constructor(
    private readonly store: RosterStore,
    private readonly lateJoiners: LateJoiners,
  ) {}

  @EventPattern<string>(EnrolmentChanged.type)
  async handle(
    @Payload() event: EventEnvelope<EnrolmentChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { tx, institutionId } = context;
    const { type, subject, sequence: version } = event;
    if (!(await applyIfNewer(tx, { consumer: 'assignments', type, subject, version }))) return;
    await this.store.putEnrolment(tx, institutionId, event.data, new Date(event.time));
    await this.lateJoiners.joined(tx, institutionId, event.data);
  }
}
