import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AssignmentPublished,
  type AssignmentPublishedData,
  type EventEnvelope,
} from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { ColumnStore } from '../db/column.store.js';

@Controller()
export class OnAssignmentPublished {
  constructor(private readonly columns: ColumnStore) {}

  @EventPattern<string>(AssignmentPublished.type)
  async handle(
    @Payload() event: EventEnvelope<AssignmentPublishedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.columns.put(context.tx, event.data, event.sequence);
  }
}
