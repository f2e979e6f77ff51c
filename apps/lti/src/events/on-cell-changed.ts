import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CellChanged, type CellChangedData, type EventEnvelope } from '@parlance/events';
import { applyIfNewer, type EventContext } from '@parlance/messaging';
import { currentTraceparent } from '@parlance/telemetry';
import { ReadModelStore } from '../db/read-model.store.js';
import { Deliveries } from '../deliveries.js';

@Controller()
export class OnCellChanged {
  constructor(
    private readonly facts: ReadModelStore,
    private readonly deliveries: Deliveries,
  ) {}

  @EventPattern<string>(CellChanged.type)
  async handle(
    @Payload() event: EventEnvelope<CellChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { tx, institutionId } = context;
    const { type, subject, sequence: version, data } = event;
    if (!(await applyIfNewer(tx, { consumer: 'lti', subject, version, type }))) return;
    const { assignmentId, learnerId, cellId, cellVersion, status, points, pointsPossible } = data;
    await this.facts.saveCell(tx, {
      institutionId,
      assignmentId,
      learnerId,
      cellId,
      cellVersion,
      status,
      points,
      pointsPossible,
      traceparent: currentTraceparent() ?? event.traceparent,
      traceId: context.traceId,
    });
    // Told again, history must not send anything to an LMS a second time.
    if (context.isReplay) return;
    await this.deliveries.takeUp(tx, { assignmentId, learnerId });
  }
}
