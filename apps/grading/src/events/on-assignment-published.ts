import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AssignmentPublished,
  type AssignmentPublishedData,
  type EventEnvelope,
} from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { AssignmentSettings } from '../assignment-settings.js';

@Controller()
export class OnAssignmentPublished {
  constructor(private readonly settings: AssignmentSettings) {}

  @EventPattern<string>(AssignmentPublished.type)
  async handle(
    @Payload() event: EventEnvelope<AssignmentPublishedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.settings.learn(event.data, event.sequence, context);
  }
}
