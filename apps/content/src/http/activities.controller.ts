import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdPipe,
  IfMatchVersion,
  Roles,
  Versioned,
} from '@parlance/platform';
import type { Part } from '../domain/outline.js';
import { Outline } from '../outline.js';
import { ActivityPatchBody, PartView } from './outline.dto.js';

@ApiTags('courses')
@Roles('teacher', 'admin')
@Controller('activities')
export class ActivitiesController {
  constructor(private readonly outline: Outline) {}

  @Versioned()
  @ApiOkResponse({ type: PartView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<Part> {
    return this.outline.get(actor, 'activity', id);
  }

  @Versioned()
  @ApiOkResponse({ type: PartView })
  @Patch(':id')
  change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: ActivityPatchBody,
  ): Promise<Part> {
    return this.outline.change(actor, 'activity', id, seen, body);
  }
}
