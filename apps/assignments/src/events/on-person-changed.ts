import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { PersonChanged, type PersonChangedData, type EventEnvelope } from '@parlance/events';
import { applyIfNewer, type EventContext } from '@parlance/messaging';
import { RosterStore } from '../db/roster.store.js';

@Controller()
export class OnPersonChanged {
  constructor(private readonly store: RosterStore) {}

  @EventPattern<string>(PersonChanged.type)
  async handle(
    @Payload() event: EventEnvelope<PersonChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { tx, institutionId } = context;
    const { type, subject, sequence: version } = event;
    if (!(await applyIfNewer(tx, { consumer: 'assignments', type, subject, version }))) return;
    await this.store.putPerson(tx, institutionId, event.data);
  }
}
