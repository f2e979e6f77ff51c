import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ClassChanged, type ClassChangedData, type EventEnvelope } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { RosterStore } from '../db/roster.store.js';

@Controller()
export class OnClassChanged {
  constructor(private readonly roster: RosterStore) {}

  @EventPattern<string>(ClassChanged.type)
  async handle(
    @Payload() event: EventEnvelope<ClassChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.roster.putClass(context.tx, event.data, event.sequence);
  }
}
