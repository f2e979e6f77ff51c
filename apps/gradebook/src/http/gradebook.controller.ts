import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdPipe,
  IfMatchVersion,
  PageQuery,
  Roles,
  Versioned,
} from '@parlance/platform';
import { Categories } from '../categories.js';
import { Gradebooks } from '../gradebooks.js';
import {
  CategoriesDto,
  CellHistoryDto,
  GradebookDto,
  LearnerGradesDto,
  VersionedCategoriesDto,
} from './gradebook.dto.js';

@Controller('gradebooks')
export class GradebookController {
  constructor(
    private readonly gradebooks: Gradebooks,
    private readonly categories: Categories,
  ) {}

  @Get(':classId')
  @Roles('teacher', 'admin')
  @ApiOperation({ summary: 'A class with all its learners, by name' })
  @ApiOkResponse({ type: GradebookDto })
  page(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: Id,
    @Query() query: PageQuery,
  ) {
    return this.gradebooks.page(actor, classId, query);
  }

  @Get(':classId/learners/me')
  @ApiOperation({ summary: 'The grades of whoever asks' })
  @ApiOkResponse({ type: LearnerGradesDto })
  me(@CurrentActor() actor: Actor, @Param('classId', IdPipe) classId: Id) {
    return this.gradebooks.learner(actor, classId, actor.personId);
  }

  @Get(':classId/learners/:learnerId')
  @ApiOperation({ summary: 'The grades of one learner; learners see their own' })
  @ApiOkResponse({ type: LearnerGradesDto })
  learner(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: Id,
    @Param('learnerId', IdPipe) learnerId: Id,
  ) {
    return this.gradebooks.learner(actor, classId, learnerId);
  }

  @Get(':classId/cells/:cellId/history')
  @Roles('teacher', 'admin')
  @ApiOperation({ summary: 'Every version of a cell, oldest first' })
  @ApiOkResponse({ type: CellHistoryDto })
  cellHistory(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: Id,
    @Param('cellId', IdPipe) cellId: Id,
    @Query() query: PageQuery,
  ) {
    return this.gradebooks.cellHistory(actor, classId, cellId, query);
  }

  @Get(':classId/categories')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOperation({ summary: 'How categories count; none set: plain points' })
  @ApiOkResponse({ type: VersionedCategoriesDto })
  readCategories(@CurrentActor() actor: Actor, @Param('classId', IdPipe) classId: Id) {
    return this.categories.read(actor, classId);
  }

  @Put(':classId/categories')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOperation({ summary: 'Replaces the categories; needs If-Match' })
  @ApiOkResponse({ type: VersionedCategoriesDto })
  replaceCategories(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: Id,
    @IfMatchVersion() seen: number,
    @Body() body: CategoriesDto,
  ) {
    const categories = body.categories.map((one) => ({
      name: one.name,
      weight: one.weight ?? null,
      dropLowest: one.dropLowest ?? 0,
      dropHighest: one.dropHighest ?? 0,
    }));
    return this.categories.replace(actor, classId, seen, categories);
  }
}
