import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  TestVersionPublished,
  type TestVersionPublishedData,
  type EventEnvelope,
} from '@parlance/events';
import { type EventContext, Unprocessable } from '@parlance/messaging';
import { TestStore } from '../db/test.store.js';
import { isStructure } from '../domain/published.js';

@Controller()
export class OnTestVersionPublished {
  constructor(private readonly store: TestStore) {}

  @EventPattern<string>(TestVersionPublished.type)
  async handle(
    @Payload() event: EventEnvelope<TestVersionPublishedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    if (!isStructure(event.data.structure)) {
      throw new Unprocessable('The structure of the test is of another shape than expected.');
    }
    // A test version never changes: a second event for it says the same.
    await this.store.addTestVersion(context.tx, context.institutionId, event.data);
  }
}
