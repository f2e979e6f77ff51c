import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
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
import { Blueprints, type DrawnForms } from '../blueprints.js';
import type { BlueprintRow } from '../db/blueprint.store.js';
import {
  BlueprintBody,
  BlueprintPage,
  BlueprintView,
  DrawBody,
  DrawnFormsView,
} from './blueprint.dto.js';

@ApiTags('tests')
@Roles('teacher', 'admin')
@Controller('blueprints')
export class BlueprintsController {
  constructor(private readonly blueprints: Blueprints) {}

  @ApiCreatedResponse({ type: BlueprintView })
  @Versioned()
  @Post()
  create(
    @CurrentActor() actor: Actor,
    @Body() body: BlueprintBody,
    @IdempotencyKey() key?: string,
  ): Promise<BlueprintRow> {
    return this.blueprints.create(actor, body, key);
  }

  @ApiOkResponse({ type: BlueprintPage })
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<BlueprintRow>> {
    return this.blueprints.list(actor, query);
  }

  @ApiOkResponse({ type: BlueprintView })
  @Versioned()
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<BlueprintRow> {
    return this.blueprints.get(actor, id);
  }

  /** A next version; what was drawn from the one before stays as it is. */
  @ApiOkResponse({ type: BlueprintView })
  @Versioned()
  @Put(':id')
  change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: BlueprintBody,
  ): Promise<BlueprintRow> {
    return this.blueprints.change(actor, id, seen, body);
  }

  /** Draws parallel forms from the published items and makes a test of each. */
  @ApiCreatedResponse({ type: DrawnFormsView })
  @Post(':id/forms')
  draw(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: DrawBody,
    @IdempotencyKey() key?: string,
  ): Promise<DrawnForms> {
    return this.blueprints.draw(actor, id, body, key);
  }
}
