import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { TestStructure } from '@parlance/assessment';
import type { Id, Page } from '@parlance/kernel';
import { type Actor, CurrentActor, IdPipe, Roles, Versioned } from '@parlance/platform';
import type { TestRow } from '../db/test.store.js';
import { Tests } from '../tests.js';
import { TestPage, TestQuery, TestView } from './test.dto.js';

@ApiTags('tests')
@Roles('teacher', 'admin')
@Controller('tests')
export class TestsController {
  constructor(private readonly tests: Tests) {}

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
}
