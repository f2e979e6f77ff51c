import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  type EventEnvelope,
  LtiIdentityLinked,
  type LtiIdentityLinkedData,
} from '@parlance/events';
import { applyIfNewer, type EventContext } from '@parlance/messaging';
import { ReadModelStore } from '../db/read-model.store.js';
import { Deliveries } from '../deliveries.js';

@Controller()
export class OnLtiIdentityLinked {
  constructor(
    private readonly facts: ReadModelStore,
    private readonly deliveries: Deliveries,
  ) {}

  @EventPattern<string>(LtiIdentityLinked.type)
  async handle(
    @Payload() event: EventEnvelope<LtiIdentityLinkedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { tx, institutionId } = context;
    const { type, subject, sequence: version, data } = event;
    if (!(await applyIfNewer(tx, { consumer: 'lti', subject, version, type }))) return;
    const { ltiIdentityId: identityId, personId, registrationId } = data;
    const link = { institutionId, registrationId, subject: data.subject, identityId, personId };
    await this.facts.saveLearnerLink(tx, link);
    // Told again, history must not send anything to an LMS a second time.
    if (context.isReplay) return;
    await this.deliveries.takeUp(tx, { learnerId: personId });
  }
}
