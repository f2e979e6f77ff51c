import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  type EventEnvelope,
  ScoringSpecPublished,
  type ScoringSpecPublishedData,
} from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { ScoringSpecs } from '../scoring-specs.js';

@Controller()
export class OnScoringSpecPublished {
  constructor(private readonly specs: ScoringSpecs) {}

  @EventPattern<string>(ScoringSpecPublished.type)
  async handle(
    @Payload() event: EventEnvelope<ScoringSpecPublishedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.specs.add(context.tx, event.data);
  }
}
