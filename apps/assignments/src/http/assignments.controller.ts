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
import type { Assignment } from '../domain/assignment.js';
import { instantOf } from '../domain/window.js';
import { Submissions } from '../submissions.js';
import {
  AssignmentChangeDto,
  AssignmentDto,
  AssignmentPageDto,
  AssignmentQuery,
  NewAssignmentDto,
} from './assignment.dto.js';
import { AttemptDto, ProgressPageDto } from './attempt.dto.js';
import { attemptDto, learnerProgressDto } from './attempts.controller.js';
import { idInCursor } from './cursor.js';

@Controller('assignments')
export class AssignmentsController {
  constructor(
    private readonly assignments: Assignments,
    private readonly attempts: Attempts,
    private readonly submissions: Submissions,
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
      opensAt: instant(body.opensAt, '/opensAt') ?? null,
      dueAt: instant(body.dueAt, '/dueAt') ?? null,
      closesAt: instant(body.closesAt, '/closesAt') ?? null,
      timeZone: body.timeZone ?? 'UTC',
      maxAttempts: body.maxAttempts ?? 1,
    };
    return assignmentDto(await this.assignments.create(actor, given, key));
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
    const change = present({
      title: body.title ?? undefined,
      category: body.category ?? undefined,
      timeZone: body.timeZone ?? undefined,
      maxAttempts: body.maxAttempts ?? undefined,
      opensAt: instant(body.opensAt, '/opensAt'),
      dueAt: instant(body.dueAt, '/dueAt'),
      closesAt: instant(body.closesAt, '/closesAt'),
    });
    return assignmentDto(await this.assignments.change(actor, id, change, version));
  }

  @Put(':id/publication')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async publish(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<AssignmentDto> {
    return assignmentDto(await this.assignments.publish(actor, id));
  }

  @Delete(':id/publication')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async withdraw(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<AssignmentDto> {
    return assignmentDto(await this.assignments.withdraw(actor, id));
  }

  /** A new attempt, or the one in progress: repeating it is harmless. */
  @Post(':id/attempts')
  @Roles('learner')
  @ApiCreatedResponse({ type: AttemptDto })
  async start(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<AttemptDto> {
    return attemptDto(await this.attempts.start(actor, id));
  }

  @Get(':id/attempts')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: ProgressPageDto })
  async track(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<ProgressPageDto> {
    const asked = { afterId: idInCursor(cursor), limit };
    const { learners, counts } = await this.submissions.track(actor, id, asked);
    const page = pageOf(learners, limit, ({ learnerId }) => [learnerId]);
    return { items: page.items.map(learnerProgressDto), nextCursor: page.nextCursor, counts };
  }
}

function assignmentDto(a: Assignment): AssignmentDto {
  return {
    id: a.id,
    classId: a.classId,
    testId: a.testId,
    testVersionId: a.testVersionId ?? undefined,
    title: a.title,
    category: a.category,
    pointsPossible: a.pointsPossible ?? undefined,
    opensAt: a.opensAt?.toISOString(),
    dueAt: a.dueAt?.toISOString(),
    closesAt: a.closesAt?.toISOString(),
    timeZone: a.timeZone,
    maxAttempts: a.maxAttempts,
    status: a.status,
    version: a.version,
    createdAt: a.createdAt.toISOString(),
  };
}

/** Undefined: not mentioned; null: taken away. */
function instant(text: string | null | undefined, pointer: string): Date | null | undefined {
  return text === undefined || text === null ? text : instantOf(text, pointer);
}

/** Without the fields that a client did not mention, so that they stay as they are. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
