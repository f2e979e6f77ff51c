import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import { ReviewTasks } from '../review-tasks.js';
import {
  ClaimDto,
  LeaseDto,
  MarkDto,
  ReviewTaskDto,
  ReviewTaskPageDto,
  ReviewTaskQuery,
} from './review-task.dto.js';

@Controller('review-tasks')
@Roles('teacher', 'admin')
export class ReviewTaskController {
  constructor(private readonly tasks: ReviewTasks) {}

  @Get()
  @ApiOperation({ summary: 'Tasks of the classes the caller teaches; admins see all' })
  @ApiOkResponse({ type: ReviewTaskPageDto })
  list(@CurrentActor() actor: Actor, @Query() query: ReviewTaskQuery) {
    const { assignmentId, status } = query;
    return this.tasks.list(actor, { assignmentId, status }, query);
  }

  @Get(':taskId')
  @ApiOperation({ summary: 'One task with the answer to mark' })
  @ApiOkResponse({ type: ReviewTaskDto })
  read(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id) {
    return this.tasks.read(actor, taskId);
  }

  @Post('claims')
  @ApiOperation({ summary: 'Claims the oldest task nobody is at; 404 when there is none' })
  @ApiCreatedResponse({ type: ReviewTaskDto })
  claim(
    @CurrentActor() actor: Actor,
    @IdempotencyKey() key: string | undefined,
    @Body() body: ClaimDto,
  ) {
    return this.tasks.claim(actor, body.assignmentId ?? null, key);
  }

  @Put(':taskId/lease')
  @ApiOperation({ summary: 'Keeps a claimed task for longer' })
  @ApiOkResponse({ type: LeaseDto })
  renewLease(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id) {
    return this.tasks.renewLease(actor, taskId);
  }

  @Delete(':taskId/lease')
  @HttpCode(204)
  @ApiOperation({ summary: 'Gives a claimed task back unmarked' })
  @ApiNoContentResponse()
  async release(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id): Promise<void> {
    await this.tasks.release(actor, taskId);
  }

  @Put(':taskId/mark')
  @ApiOperation({ summary: 'Marks a claimed task, or mends the caller’s own mark' })
  @ApiOkResponse({ type: ReviewTaskDto })
  mark(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id, @Body() body: MarkDto) {
    const { points, comment = null } = body;
    return this.tasks.mark(actor, taskId, { points, comment });
  }
}
