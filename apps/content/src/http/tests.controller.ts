import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { TestStructure } from '@parlance/assessment';
import type { Id, Page } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  IfMatchVersion,
  Roles,
  Versioned,
} from '@parlance/platform';
import { BuiltTests } from '../built-tests.js';
import type { TestRow } from '../db/test.store.js';
import { Tests } from '../tests.js';
import { TestBody, TestPage, TestQuery, TestView } from './test.dto.js';

@ApiTags('tests')
@Roles('teacher', 'admin')
@Controller('tests')
export class TestsController {
  constructor(
    private readonly tests: Tests,
    private readonly built: BuiltTests,
  ) {}

  @ApiOkResponse({ type: TestPage })
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: TestQuery): Promise<Page<TestRow>> {
    return this.tests.list(actor, query);
  }

  /** The test with its latest version: item version ids and never a key. */
  @Versioned()
  @ApiOkResponse({ type: TestView })
  @Get(':id')
  get(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
  ): Promise<TestRow & { structure: TestStructure }> {
    return this.tests.get(actor, id);
  }

  /** A test of these items, published at once. */
  @Versioned()
  @ApiCreatedResponse({ type: TestView })
  @Post()
  create(
    @CurrentActor() actor: Actor,
    @Body() body: TestBody,
    @IdempotencyKey() key?: string,
  ): Promise<TestRow & { structure: TestStructure }> {
    return this.built.create(actor, body, key);
  }

  /** Its next version; what was assigned before stays as it was. */
  @Versioned()
  @ApiOkResponse({ type: TestView })
  @Put(':id')
  change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: TestBody,
  ): Promise<TestRow & { structure: TestStructure }> {
    return this.built.change(actor, id, seen, body);
  }
}
