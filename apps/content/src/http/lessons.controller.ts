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
import type { Part } from '../domain/outline.js';
import { Outline } from '../outline.js';
import { NewActivityBody, PartPage, PartPatchBody, PartView } from './outline.dto.js';

@ApiTags('courses')
@Roles('teacher', 'admin')
@Controller('lessons')
export class LessonsController {
  constructor(private readonly outline: Outline) {}

  @Versioned()
  @ApiOkResponse({ type: PartView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<Part> {
    return this.outline.get(actor, 'lesson', id);
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
    return this.outline.change(actor, 'lesson', id, seen, body);
  }

  @ApiCreatedResponse({ type: PartView })
  @Versioned()
  @Post(':id/activities')
  addActivity(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: NewActivityBody,
    @IdempotencyKey() key?: string,
  ): Promise<Part> {
    return this.outline.add(actor, 'activity', id, body, key);
  }

  @ApiOkResponse({ type: PartPage })
  @Get(':id/activities')
  activities(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Query() query: PageQuery,
  ): Promise<Page<Part>> {
    return this.outline.list(actor, 'activity', id, query);
  }
}
