import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type EventEnvelope, TryScored, type TryScoredData } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { Tries } from '../tries.js';

@Controller()
export class OnTryScored {
  constructor(private readonly tries: Tries) {}

  @EventPattern<string>(TryScored.type)
  async handle(
    @Payload() event: EventEnvelope<TryScoredData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.tries.learn(event.data, context);
  }
}
