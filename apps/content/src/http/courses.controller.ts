import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Id, Page } from '@parlance/kernel';
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
import type { OutlineNode, Part } from '../domain/outline.js';
import { Outline } from '../outline.js';
import { NewPartBody, OutlineView, PartPage, PartPatchBody, PartView } from './outline.dto.js';

@ApiTags('courses')
@Roles('teacher', 'admin')
@Controller('courses')
export class CoursesController {
  constructor(private readonly outline: Outline) {}

  /** The course with all its units, lessons and activities, for whoever is signed in. */
  @Roles('learner', 'teacher', 'admin', 'support')
  @Versioned()
  @ApiOkResponse({ type: OutlineView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<OutlineNode> {
    return this.outline.course(actor, id);
  }

  @Versioned()
  @ApiOkResponse({ type: PartView })
  @Patch(':id')
  change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: PartPatchBody,
  ): Promise<Part> {
    return this.outline.change(actor, 'course', id, seen, body);
  }

  @ApiCreatedResponse({ type: PartView })
  @Versioned()
  @Post(':id/units')
  addUnit(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: NewPartBody,
    @IdempotencyKey() key?: string,
  ): Promise<Part> {
    return this.outline.add(actor, 'unit', id, body, key);
  }

  @ApiOkResponse({ type: PartPage })
  @Get(':id/units')
  units(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Query() query: PageQuery,
  ): Promise<Page<Part>> {
    return this.outline.list(actor, 'unit', id, query);
  }
}
