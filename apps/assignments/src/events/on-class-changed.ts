import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ClassChanged, type ClassChangedData, type EventEnvelope } from '@parlance/events';
import { applyIfNewer, type EventContext } from '@parlance/messaging';
import { RosterStore } from '../db/roster.store.js';

@Controller()
export class OnClassChanged {
  constructor(private readonly store: RosterStore) {}

  @EventPattern<string>(ClassChanged.type)
  async handle(
    @Payload() event: EventEnvelope<ClassChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { tx, institutionId } = context;
    const { type, subject, sequence: version } = event;
    if (!(await applyIfNewer(tx, { consumer: 'assignments', type, subject, version }))) return;
    await this.store.putClass(tx, institutionId, event.data);
  }
}
