import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
} from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import type { TaskFilter } from '../db/review-task.store.js';
import { Marks } from '../marks.js';
import { ReviewTasks } from '../review-tasks.js';
import {
  annotationOf,
  ClaimDto,
  LeaseDto,
  MarkDto,
  RecordingDto,
  ReviewTaskDto,
  ReviewTaskPageDto,
  ReviewTaskQuery,
  TaskCountsDto,
} from './review-task.dto.js';

@Controller('review-tasks')
@Roles('teacher', 'admin')
export class ReviewTaskController {
  constructor(
    private readonly tasks: ReviewTasks,
    private readonly marks: Marks,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Tasks of the classes the caller teaches; admins see all' })
  @ApiOkResponse({ type: ReviewTaskPageDto })
  list(@CurrentActor() actor: Actor, @Query() query: ReviewTaskQuery) {
    return this.tasks.list(actor, filterOf(query), query);
  }

  @Get('counts')
  @ApiOperation({ summary: 'How much there is to mark, by assignment and slot' })
  @ApiOkResponse({ type: TaskCountsDto })
  counts(@CurrentActor() actor: Actor, @Query() query: ReviewTaskQuery) {
    return this.tasks.counts(actor, filterOf(query));
  }

  @Get(':taskId')
  @ApiOperation({ summary: 'One task with the answer to mark' })
  @ApiOkResponse({ type: ReviewTaskDto })
  read(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id) {
    return this.tasks.read(actor, taskId);
  }

  @Get(':taskId/recording')
  @ApiOperation({ summary: 'Where to listen to the recording, or load the file, to mark' })
  @ApiOkResponse({ type: RecordingDto })
  recording(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id) {
    return this.tasks.recording(actor, taskId);
  }

  @Post('claims')
  @ApiOperation({
    summary: 'Claims a task of the oldest day that nobody is at; 404 when there is none',
  })
  @ApiCreatedResponse({ type: ReviewTaskDto })
  claim(
    @CurrentActor() actor: Actor,
    @IdempotencyKey() key: string | undefined,
    @Body() body: ClaimDto,
  ) {
    const { assignmentId, classId, slot, taskId = null } = body;
    return this.tasks.claim(actor, { assignmentId, classId, slot, taskId }, key);
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

  @Put(':taskId/skip')
  @HttpCode(204)
  @ApiOperation({ summary: 'Leaves a claimed task to others' })
  @ApiNoContentResponse()
  async skip(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id): Promise<void> {
    await this.tasks.skip(actor, taskId);
  }

  @Put(':taskId/mark')
  @ApiOperation({ summary: 'Marks a claimed task, or mends the caller’s own mark' })
  @ApiOkResponse({ type: ReviewTaskDto })
  mark(@CurrentActor() actor: Actor, @Param('taskId', IdPipe) taskId: Id, @Body() body: MarkDto) {
    const { points = null, choices = null, comment = null, annotations = [] } = body;
    const given = { points, choices, comment, annotations: annotations.map(annotationOf) };
    return this.marks.mark(actor, taskId, given);
  }
}

function filterOf({ assignmentId, classId, slot, status }: ReviewTaskQuery): TaskFilter {
  return { assignmentId, classId, slot, status };
}
