import { applyDecorators, Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import { type FailedEvent, OutboxRelay, SqsEventServer, type TypePause } from '@parlance/messaging';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsUUID } from 'class-validator';
import { OperatorOnly } from './auth/actor.js';
import { TextField } from './http/fields.js';

/** Most events told of, and most taken, at once. */
const MAX_EVENTS = 200;

const EventIds = () =>
  applyDecorators(
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAX_EVENTS),
    IsUUID('all', { each: true }),
  );

class RequeueInput {
  @EventIds() eventIds: Id[];
}

class SkipInput {
  @EventIds() eventIds: Id[];
  @TextField({ max: 200 }) reason: string;
}

class ResumeInput {
  @TextField({ max: 200 }) type: string;
}

/** What on-call does about a service's own letters; not routed by the gateway. */
@ApiExcludeController()
@OperatorOnly()
@Controller('internal')
export class LettersController {
  constructor(
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(SqsEventServer) private readonly consumer: SqsEventServer,
  ) {}

  /** Events SNS refused, oldest first; each holds back the later ones of its key. */
  @Get('outbox/failed')
  async failed(): Promise<{ events: FailedEvent[]; isComplete: boolean }> {
    const events = await this.relay.failed(MAX_EVENTS + 1);
    return { events: events.slice(0, MAX_EVENTS), isComplete: events.length <= MAX_EVENTS };
  }

  /** Counts what was waiting to be requeued: an event that is none of those changes nothing. */
  @Post('outbox/requeue')
  @HttpCode(200)
  async requeue(@Body() { eventIds }: RequeueInput): Promise<{ events: number }> {
    return { events: await this.relay.requeue(eventIds) };
  }

  @Post('outbox/skip')
  @HttpCode(200)
  async skip(@Body() { eventIds, reason }: SkipInput): Promise<{ events: number }> {
    return { events: await this.relay.skip(eventIds, reason) };
  }

  @Get('consumer/pauses')
  pauses(): { pauses: TypePause[] } {
    return { pauses: this.consumer.pauses() };
  }

  @Post('consumer/resume')
  @HttpCode(200)
  resume(@Body() { type }: ResumeInput): { resumed: boolean } {
    return { resumed: this.consumer.resume(type) };
  }
}
