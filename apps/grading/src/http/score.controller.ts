import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdPipe,
  IfMatchVersion,
  PageQuery,
  Roles,
  Versioned,
} from '@parlance/platform';
import { Scores } from '../scores.js';
import { OverrideDto, ScoreDto, ScoreHistoryDto } from './score.dto.js';

@Controller('scores')
export class ScoreController {
  constructor(private readonly scores: Scores) {}

  @Get(':attemptId')
  @Versioned()
  @ApiOperation({ summary: 'The score of an attempt; learners see their own, without the key' })
  @ApiOkResponse({ type: ScoreDto })
  read(@CurrentActor() actor: Actor, @Param('attemptId', IdPipe) attemptId: Id) {
    return this.scores.read(actor, attemptId);
  }

  @Put(':attemptId/override')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOperation({ summary: 'Puts a score above the computed one; needs If-Match' })
  @ApiOkResponse({ type: ScoreDto })
  override(
    @CurrentActor() actor: Actor,
    @Param('attemptId', IdPipe) attemptId: Id,
    @IfMatchVersion() seen: number,
    @Body() body: OverrideDto,
  ) {
    return this.scores.override(actor, attemptId, seen, body.points, body.reason);
  }

  @Delete(':attemptId/override')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOperation({ summary: 'Lets the computed score count again; needs If-Match' })
  @ApiOkResponse({ type: ScoreDto })
  removeOverride(
    @CurrentActor() actor: Actor,
    @Param('attemptId', IdPipe) attemptId: Id,
    @IfMatchVersion() seen: number,
  ) {
    return this.scores.removeOverride(actor, attemptId, seen);
  }

  @Get(':attemptId/history')
  @Roles('teacher', 'admin')
  @ApiOperation({ summary: 'Every version of a score, oldest first' })
  @ApiOkResponse({ type: ScoreHistoryDto })
  history(
    @CurrentActor() actor: Actor,
    @Param('attemptId', IdPipe) attemptId: Id,
    @Query() page: PageQuery,
  ) {
    return this.scores.history(actor, attemptId, page);
  }
}
