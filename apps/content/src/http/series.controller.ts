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
import type { SeriesRow } from '../db/series.store.js';
import type { Part } from '../domain/outline.js';
import { Editions } from '../editions.js';
import { Outline } from '../outline.js';
import { SeriesCatalogue } from '../series.js';
import {
  NewEditionBody,
  NewPartBody,
  NewSeriesBody,
  PartPage,
  PartView,
  SeriesPage,
  SeriesPatchBody,
  SeriesQuery,
  SeriesView,
} from './outline.dto.js';

@ApiTags('courses')
@Roles('teacher', 'admin')
@Controller('series')
export class SeriesController {
  constructor(
    private readonly series: SeriesCatalogue,
    private readonly outline: Outline,
    private readonly editions: Editions,
  ) {}

  @ApiCreatedResponse({ type: SeriesView })
  @Versioned()
  @Post()
  create(
    @CurrentActor() actor: Actor,
    @Body() body: NewSeriesBody,
    @IdempotencyKey() key?: string,
  ): Promise<SeriesRow> {
    return this.series.create(actor, body, key);
  }

  @ApiOkResponse({ type: SeriesPage })
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: SeriesQuery): Promise<Page<SeriesRow>> {
    return this.series.list(actor, query);
  }

  @Versioned()
  @ApiOkResponse({ type: SeriesView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<SeriesRow> {
    return this.series.get(actor, id);
  }

  @Versioned()
  @ApiOkResponse({ type: SeriesView })
  @Patch(':id')
  change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: SeriesPatchBody,
  ): Promise<SeriesRow> {
    return this.series.change(actor, id, seen, body);
  }

  /** A copy with all its courses, which goes its own way from then on. */
  @ApiCreatedResponse({ type: SeriesView })
  @Versioned()
  @Post(':id/editions')
  copy(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: NewEditionBody,
    @IdempotencyKey() key?: string,
  ): Promise<SeriesRow> {
    return this.editions.copy(actor, id, body, key);
  }

  @ApiCreatedResponse({ type: PartView })
  @Versioned()
  @Post(':id/courses')
  addCourse(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: NewPartBody,
    @IdempotencyKey() key?: string,
  ): Promise<Part> {
    return this.outline.add(actor, 'course', id, body, key);
  }

  @ApiOkResponse({ type: PartPage })
  @Get(':id/courses')
  courses(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Query() query: PageQuery,
  ): Promise<Page<Part>> {
    return this.outline.list(actor, 'course', id, query);
  }
}
