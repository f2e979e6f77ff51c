import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AssignmentPublished,
  type AssignmentPublishedData,
  type EventEnvelope,
} from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { Cells } from '../cells.js';
import { ColumnStore } from '../db/column.store.js';

@Controller()
export class OnAssignmentPublished {
  constructor(
    private readonly columns: ColumnStore,
    private readonly cells: Cells,
  ) {}

  @EventPattern<string>(AssignmentPublished.type)
  async handle(
    @Payload() event: EventEnvelope<AssignmentPublishedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { assignmentId } = event.data;
    await this.columns.lock(context.tx, assignmentId);
    const isNew = await this.columns.put(context.tx, event.data, event.sequence);
    if (isNew) await this.cells.regrade(assignmentId, context.traceId, context);
  }
}
