import { Body, Controller, Get, Header, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Id, notFound, type Page } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdPipe,
  IfMatchVersion,
  PageQuery,
  Roles,
  Versioned,
} from '@parlance/platform';
import type { ItemRow, ItemVersionRow } from '../db/item.store.js';
import { Items } from '../items.js';
import type { ItemView as ItemWithVersion, KeyView, VersionDiff } from '../items.js';
import {
  ItemKeyView,
  ItemPage,
  ItemQuery,
  ItemSummary,
  ItemTagsBody,
  ItemVersionPage,
  ItemView,
  VersionDiffView,
} from './item.dto.js';

@ApiTags('items')
@Roles('teacher', 'admin')
@Controller('items')
export class ItemsController {
  constructor(private readonly items: Items) {}

  @ApiOkResponse({ type: ItemPage })
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: ItemQuery): Promise<Page<ItemRow>> {
    const { status = 'published', used, ...rest } = query;
    return this.items.list(actor, {
      ...rest,
      status: status === 'any' ? undefined : status,
      used: used === undefined ? undefined : used === 'yes',
    });
  }

  /** The item with its latest version as a learner sees it: no key. */
  @Versioned()
  @ApiOkResponse({ type: ItemView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<ItemWithVersion> {
    return this.items.get(actor, id);
  }

  @Versioned()
  @ApiOkResponse({ type: ItemSummary })
  @Patch(':id')
  tag(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: ItemTagsBody,
  ): Promise<ItemRow> {
    return this.items.tag(actor, id, seen, body);
  }

  @ApiOkResponse({ type: ItemVersionPage })
  @Get(':id/versions')
  versions(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Query() query: PageQuery,
  ): Promise<Page<ItemVersionRow>> {
    return this.items.versions(actor, id, query);
  }

  /** The key of one version and its source: for whoever writes tests, and for no cache. */
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ type: ItemKeyView })
  @Get(':id/versions/:versionNumber/key')
  key(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Param('versionNumber') versionNumber: string,
  ): Promise<KeyView> {
    return this.items.key(actor, id, numberOf(versionNumber));
  }

  /** What the second version has that the first has not; with the keys, and for no cache. */
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ type: VersionDiffView })
  @Get(':id/versions/:versionNumber/diff/:otherNumber')
  diff(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Param('versionNumber') versionNumber: string,
    @Param('otherNumber') otherNumber: string,
  ): Promise<VersionDiff> {
    return this.items.diff(actor, id, numberOf(versionNumber), numberOf(otherNumber));
  }
}

function numberOf(versionNumber: string): number {
  if (!/^[1-9]\d{0,8}$/.test(versionNumber)) throw notFound('item version');
  return Number(versionNumber);
}
