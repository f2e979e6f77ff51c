import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe } from '@parlance/platform';
import { Disputes } from '../disputes.js';
import {
  DisputeDto,
  DisputeMessageInput,
  DisputePageDto,
  DisputeQuery,
  NewDisputeDto,
} from './dispute.dto.js';

@Controller('score-disputes')
export class DisputeController {
  constructor(private readonly disputes: Disputes) {}

  @Post()
  @ApiOperation({ summary: 'A learner questions the points of one question' })
  @ApiCreatedResponse({ type: DisputeDto })
  open(
    @CurrentActor() actor: Actor,
    @IdempotencyKey() key: string | undefined,
    @Body() body: NewDisputeDto,
  ) {
    const { attemptId, slot, text } = body;
    return this.disputes.open(actor, attemptId, { slot, text }, key);
  }

  @Get()
  @ApiOperation({ summary: 'One’s own disputes; for teachers, those of their classes' })
  @ApiOkResponse({ type: DisputePageDto })
  list(@CurrentActor() actor: Actor, @Query() query: DisputeQuery) {
    const { attemptId = null, state = null } = query;
    return this.disputes.list(actor, { attemptId, state }, query);
  }

  @Get(':disputeId')
  @ApiOperation({ summary: 'A dispute with all that was said' })
  @ApiOkResponse({ type: DisputeDto })
  read(@CurrentActor() actor: Actor, @Param('disputeId', IdPipe) id: Id) {
    return this.disputes.read(actor, id);
  }

  @Post(':disputeId/messages')
  @ApiOperation({ summary: 'Says something; a teacher may decide with it' })
  @ApiCreatedResponse({ type: DisputeDto })
  say(
    @CurrentActor() actor: Actor,
    @Param('disputeId', IdPipe) id: Id,
    @IdempotencyKey() key: string | undefined,
    @Body() body: DisputeMessageInput,
  ) {
    return this.disputes.say(actor, id, { text: body.text, decision: body.decision ?? null }, key);
  }
}
