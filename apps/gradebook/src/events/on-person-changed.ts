import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { PersonChanged, type PersonChangedData, type EventEnvelope } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { RosterStore } from '../db/roster.store.js';

@Controller()
export class OnPersonChanged {
  constructor(private readonly roster: RosterStore) {}

  @EventPattern<string>(PersonChanged.type)
  async handle(
    @Payload() event: EventEnvelope<PersonChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.roster.putPerson(context.tx, event.data, event.sequence);
  }
}
