import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AssignmentPublished,
  type AssignmentPublishedData,
  type EventEnvelope,
} from '@parlance/events';
import { applyIfNewer, type EventContext } from '@parlance/messaging';
import { ReadModelStore } from '../db/read-model.store.js';
import { ResourceLinkStore } from '../db/resource-link.store.js';
import { Deliveries } from '../deliveries.js';

@Controller()
export class OnAssignmentPublished {
  constructor(
    private readonly facts: ReadModelStore,
    private readonly links: ResourceLinkStore,
    private readonly deliveries: Deliveries,
  ) {}

  @EventPattern<string>(AssignmentPublished.type)
  async handle(
    @Payload() event: EventEnvelope<AssignmentPublishedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { tx, institutionId } = context;
    const { type, subject, sequence: version, data } = event;
    if (!(await applyIfNewer(tx, { consumer: 'lti', subject, version, type }))) return;
    const { assignmentId, classId, title, pointsPossible, status } = data;
    const assignment = { id: assignmentId, classId, title, pointsPossible, status };
    await this.facts.saveAssignment(tx, institutionId, assignment);
    await this.links.bindWaiting(tx, assignmentId, classId);
    // Told again, history must not send anything to an LMS a second time.
    if (context.isReplay) return;
    await this.deliveries.takeUp(tx, { assignmentId });
  }
}
