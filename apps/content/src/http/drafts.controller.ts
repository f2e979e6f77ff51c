import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  IfMatchVersion,
  Roles,
  Versioned,
} from '@parlance/platform';
import type { DraftRow } from '../db/draft.store.js';
import { Drafts } from '../drafts.js';
import { ItemReviews } from '../item-reviews.js';
import { DraftBody, DraftView, NewItemBody } from './draft.dto.js';

/** Drafts hold keys: for whoever may write items, and for no cache. */
@ApiTags('items')
@Roles('teacher', 'admin')
@Controller('items')
export class DraftsController {
  constructor(
    private readonly drafts: Drafts,
    private readonly reviews: ItemReviews,
  ) {}

  /** A new item with its first draft, which may be unfinished: its faults are in the answer. */
  @ApiCreatedResponse({ type: DraftView })
  @Header('cache-control', 'no-store')
  @Versioned()
  @Post()
  create(
    @CurrentActor() actor: Actor,
    @Body() body: NewItemBody,
    @IdempotencyKey() key?: string,
  ): Promise<DraftRow> {
    return this.drafts.create(actor, body, key);
  }

  @ApiOkResponse({ type: DraftView })
  @Header('cache-control', 'no-store')
  @Versioned()
  @Get(':id/draft')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<DraftRow> {
    return this.drafts.get(actor, id);
  }

  /** If-Match "0" begins a draft of an item that has none. */
  @ApiOkResponse({ type: DraftView })
  @Header('cache-control', 'no-store')
  @Versioned()
  @Put(':id/draft')
  put(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: DraftBody,
  ): Promise<DraftRow> {
    return this.drafts.put(actor, id, seen, body.source);
  }

  @ApiNoContentResponse()
  @HttpCode(204)
  @Delete(':id/draft')
  discard(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
  ): Promise<void> {
    return this.drafts.discard(actor, id, seen);
  }

  /** Asks somebody else to look at the draft; until it is judged or withdrawn it stays as it is. */
  @ApiOkResponse({ type: DraftView })
  @Header('cache-control', 'no-store')
  @Versioned()
  @Put(':id/review-request')
  request(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
  ): Promise<DraftRow> {
    return this.reviews.request(actor, id, seen);
  }

  @ApiOkResponse({ type: DraftView })
  @Header('cache-control', 'no-store')
  @Versioned()
  @Delete(':id/review-request')
  withdraw(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
  ): Promise<DraftRow> {
    return this.reviews.withdraw(actor, id, seen);
  }
}
