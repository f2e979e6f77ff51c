import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { type Id, Refusal } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  PageQuery,
  Roles,
} from '@parlance/platform';
import { Rubrics } from '../rubrics.js';
import {
  RubricDto,
  RubricEditDto,
  RubricPageDto,
  RubricVersionDto,
  RubricVersionsDto,
} from './rubric.dto.js';

@Controller('rubrics')
@Roles('teacher', 'admin')
export class RubricController {
  constructor(private readonly rubrics: Rubrics) {}

  @Post()
  @ApiOperation({ summary: 'Makes a rubric with its first version' })
  @ApiCreatedResponse({ type: RubricVersionDto })
  create(
    @CurrentActor() actor: Actor,
    @IdempotencyKey() key: string | undefined,
    @Body() body: RubricDto,
  ) {
    return this.rubrics.create(actor, body, key);
  }

  @Get()
  @ApiOperation({ summary: 'The newest version of each rubric' })
  @ApiOkResponse({ type: RubricPageDto })
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery) {
    return this.rubrics.list(actor, page);
  }

  @Get(':rubricId/versions')
  @ApiOperation({ summary: 'All versions of a rubric, oldest first' })
  @ApiOkResponse({ type: RubricVersionsDto })
  read(@CurrentActor() actor: Actor, @Param('rubricId', IdPipe) id: Id) {
    return this.rubrics.read(actor, id);
  }

  @Post(':rubricId/versions')
  @ApiOperation({ summary: 'Edits a rubric: makes its next version' })
  @ApiCreatedResponse({ type: RubricVersionDto })
  edit(
    @CurrentActor() actor: Actor,
    @Param('rubricId', IdPipe) id: Id,
    @IdempotencyKey() key: string | undefined,
    @Body() { body, mapping = {} }: RubricEditDto,
  ) {
    if (!isMapping(mapping)) {
      throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [
        { pointer: '/mapping', detail: 'must map criteria to maps of level ids' },
      ]);
    }
    return this.rubrics.edit(actor, id, { body, mapping }, key);
  }
}

function isMapping(mapping: object): boolean {
  return Object.values(mapping).every(
    (levels: unknown) =>
      typeof levels === 'object' &&
      levels !== null &&
      Object.values(levels).every((level) => typeof level === 'string'),
  );
}
