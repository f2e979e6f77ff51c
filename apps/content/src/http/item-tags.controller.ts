import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Page } from '@parlance/kernel';
import { type Actor, CurrentActor, Roles } from '@parlance/platform';
import { Items } from '../items.js';
import { TagPage, TagQuery } from './item.dto.js';

@ApiTags('items')
@Roles('teacher', 'admin')
@Controller('item-tags')
export class ItemTagsController {
  constructor(private readonly items: Items) {}

  /** The topics or can-do statements in use, to choose from while typing. */
  @ApiOkResponse({ type: TagPage })
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: TagQuery): Promise<Page<{ word: string }>> {
    return this.items.tags(actor, query);
  }
}
