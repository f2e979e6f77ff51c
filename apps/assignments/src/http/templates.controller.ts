import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  Roles,
  Versioned,
} from '@parlance/platform';
import { requireWallTime } from '../domain/schedule.js';
import { Templates } from '../templates.js';
import {
  CopyDto,
  NewTemplateDto,
  TemplateDto,
  TemplatesDto,
  TemplateUseDto,
} from './arrangement.dto.js';
import { taughtAssignmentDto } from './assignment-bodies.js';
import { AssignmentDto } from './assignment.dto.js';

/** Assignments to begin from; shared by the teachers of an institution. */
@Controller('assignment-templates')
export class TemplatesController {
  constructor(private readonly templates: Templates) {}

  @Post()
  @Roles('teacher', 'admin')
  @ApiCreatedResponse({ type: TemplateDto })
  keep(
    @CurrentActor() actor: Actor,
    @Body() { assignmentId, name }: NewTemplateDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<TemplateDto> {
    return this.templates.keep(actor, { assignmentId, name }, key);
  }

  @Get()
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: TemplatesDto })
  async list(@CurrentActor() actor: Actor): Promise<TemplatesDto> {
    return { items: await this.templates.list(actor) };
  }

  @Delete(':id')
  @HttpCode(204)
  @Roles('teacher', 'admin')
  async remove(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<void> {
    await this.templates.remove(actor, id);
  }

  /** A draft in a class, beginning on a day. */
  @Post(':id/assignments')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiCreatedResponse({ type: AssignmentDto })
  async use(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { classId, startsOn }: TemplateUseDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<AssignmentDto> {
    requireWallTime(`${startsOn}T00:00`, '/startsOn');
    return taughtAssignmentDto(await this.templates.use(actor, id, { classId, startsOn }, key));
  }
}

@Controller('assignments')
export class CopiesController {
  constructor(private readonly templates: Templates) {}

  /** A draft like it in another class, without what concerns single learners. */
  @Post(':id/copies')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiCreatedResponse({ type: AssignmentDto })
  async copy(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { classId, shiftDays = 0 }: CopyDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<AssignmentDto> {
    return taughtAssignmentDto(await this.templates.copy(actor, id, { classId, shiftDays }, key));
  }
}
