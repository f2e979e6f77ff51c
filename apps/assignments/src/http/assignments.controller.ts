import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { pageOf } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  IfMatchVersion,
  PageQuery,
  Roles,
  Versioned,
} from '@parlance/platform';
import { Assignments } from '../assignments.js';
import { Attempts } from '../attempts.js';
import { requireWallTime } from '../domain/schedule.js';
import { Publications } from '../publications.js';
import { Tracking } from '../tracking.js';
import {
  assignmentDto,
  audienceOf,
  policyDto,
  policyOf,
  present,
  scheduleOf,
  taughtAssignmentDto,
} from './assignment-bodies.js';
import {
  AssignmentChangeDto,
  AssignmentDto,
  AssignmentPageDto,
  AssignmentQuery,
  GradePolicyDto,
  NewAssignmentDto,
  PolicyVersionsDto,
  PublicationScheduleDto,
} from './assignment.dto.js';
import { AttemptDto, ProgressPageDto } from './attempt.dto.js';
import { attemptDto, learnerProgressDto } from './attempts.controller.js';
import { idInCursor } from './cursor.js';

@Controller('assignments')
export class AssignmentsController {
  constructor(
    private readonly assignments: Assignments,
    private readonly publications: Publications,
    private readonly attempts: Attempts,
    private readonly tracking: Tracking,
  ) {}

  @Post()
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiCreatedResponse({ type: AssignmentDto })
  async create(
    @CurrentActor() actor: Actor,
    @Body() body: NewAssignmentDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<AssignmentDto> {
    const given = {
      classId: body.classId,
      testId: body.testId,
      title: body.title,
      category: body.category ?? 'Assignments',
      maxAttempts: body.maxAttempts ?? 1,
      mode: body.mode ?? 'self',
      schedule: scheduleOf(body),
      audience: audienceOf(body.audience),
    };
    return taughtAssignmentDto(await this.assignments.create(actor, given, key));
  }

  @Get()
  @ApiOkResponse({ type: AssignmentPageDto })
  async list(
    @CurrentActor() actor: Actor,
    @Query() query: AssignmentQuery,
  ): Promise<AssignmentPageDto> {
    const { classId = null, cursor, limit } = query;
    const asked = { classId, beforeId: idInCursor(cursor), limit };
    const found = await this.assignments.list(actor, asked);
    const page = pageOf(found, limit, ({ id }) => [id]);
    return { items: page.items.map(assignmentDto), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<AssignmentDto> {
    return assignmentDto(await this.assignments.get(actor, id));
  }

  @Patch(':id')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IfMatchVersion() version: number,
    @Body() body: AssignmentChangeDto,
  ): Promise<AssignmentDto> {
    const change = {
      ...present({
        title: body.title ?? undefined,
        category: body.category ?? undefined,
        maxAttempts: body.maxAttempts ?? undefined,
        mode: body.mode ?? undefined,
      }),
      ...(body.audience ? audienceOf(body.audience) : {}),
      schedule: scheduleOf(body),
    };
    return taughtAssignmentDto(await this.assignments.change(actor, id, change, version));
  }

  @Put(':id/publication')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async publish(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<AssignmentDto> {
    return taughtAssignmentDto(await this.publications.publish(actor, id));
  }

  @Delete(':id/publication')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async withdraw(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<AssignmentDto> {
    return taughtAssignmentDto(await this.publications.withdraw(actor, id));
  }

  /** The draft publishes itself at that time. */
  @Put(':id/publication-schedule')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async schedule(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: PublicationScheduleDto,
  ): Promise<AssignmentDto> {
    const at = requireWallTime(body.publishLocal, '/publishLocal');
    return taughtAssignmentDto(await this.publications.schedule(actor, id, at));
  }

  @Delete(':id/publication-schedule')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async unschedule(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<AssignmentDto> {
    return taughtAssignmentDto(await this.publications.schedule(actor, id, null));
  }

  /** A new version of how attempts become grades; gradebooks simulate it before. */
  @Put(':id/policy')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async setPolicy(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IfMatchVersion() version: number,
    @Body() body: GradePolicyDto,
  ): Promise<AssignmentDto> {
    const policy = policyOf(body);
    return taughtAssignmentDto(await this.assignments.setPolicy(actor, id, policy, version));
  }

  @Get(':id/policy-versions')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: PolicyVersionsDto })
  async policyVersions(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<PolicyVersionsDto> {
    const versions = await this.assignments.policyVersions(actor, id);
    return {
      items: versions.map((one) => ({
        version: one.version,
        policy: policyDto(one.policy),
        actorId: one.actorId,
        createdAt: one.createdAt.toISOString(),
      })),
    };
  }

  /** A new attempt, or the one in progress: repeating it is harmless. */
  @Post(':id/attempts')
  @Roles('learner')
  @ApiCreatedResponse({ type: AttemptDto })
  async start(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<AttemptDto> {
    return attemptDto(await this.attempts.start(actor, id));
  }

  /** Who has handed in, who is at work, who has not begun: a class at a glance. */
  @Get(':id/attempts')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: ProgressPageDto })
  async track(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<ProgressPageDto> {
    const asked = { afterId: idInCursor(cursor), limit };
    const { learners, counts } = await this.tracking.track(actor, id, asked);
    const page = pageOf(learners, limit, ({ learnerId }) => [learnerId]);
    return { items: page.items.map(learnerProgressDto), nextCursor: page.nextCursor, counts };
  }
}
