import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
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
import type { ReviewRow, StepRow } from '../db/item-record.store.js';
import type { ItemRow } from '../db/item.store.js';
import { ItemPublications } from '../item-publications.js';
import { ItemReviews } from '../item-reviews.js';
import { ItemSummary } from './item.dto.js';
import {
  HoldBody,
  PublicationBody,
  ReviewBody,
  ReviewPage,
  ReviewView,
  StepPage,
} from './item-workflow.dto.js';

/** The way of an item from draft to retirement. */
@ApiTags('items')
@Roles('teacher', 'admin')
@Controller('items')
export class ItemWorkflowController {
  constructor(
    private readonly publications: ItemPublications,
    private readonly reviews: ItemReviews,
  ) {}

  /** Judges the draft in review; If-Match is the draft's, so that what was read is what is meant. */
  @ApiCreatedResponse({ type: ReviewView })
  @Post(':id/reviews')
  review(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: ReviewBody,
    @IdempotencyKey() key?: string,
  ): Promise<ReviewRow> {
    return this.reviews.review(actor, id, seen, body, key);
  }

  @ApiOkResponse({ type: ReviewPage })
  @Get(':id/reviews')
  reviewed(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Query() query: PageQuery,
  ): Promise<Page<ReviewRow>> {
    return this.reviews.reviews(actor, id, query);
  }

  /** Makes the draft the next version; If-Match is the draft's. */
  @ApiOkResponse({ type: ItemSummary })
  @Versioned()
  @Put(':id/publication')
  publish(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: PublicationBody,
  ): Promise<ItemRow> {
    return this.publications.publish(actor, id, seen, body);
  }

  /** No longer for new tests; attempts that have it go on. */
  @ApiOkResponse({ type: ItemSummary })
  @Versioned()
  @Put(':id/retirement')
  retire(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: HoldBody,
  ): Promise<ItemRow> {
    return this.publications.hold(actor, id, 'retired', body.reason);
  }

  @ApiOkResponse({ type: ItemSummary })
  @Versioned()
  @Delete(':id/retirement')
  reinstate(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<ItemRow> {
    return this.publications.letIn(actor, id, 'retired');
  }

  /** Held back because something is wrong with it, until it is mended or released. */
  @ApiOkResponse({ type: ItemSummary })
  @Versioned()
  @Put(':id/quarantine')
  quarantine(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: HoldBody,
  ): Promise<ItemRow> {
    return this.publications.hold(actor, id, 'quarantined', body.reason);
  }

  @ApiOkResponse({ type: ItemSummary })
  @Versioned()
  @Delete(':id/quarantine')
  release(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<ItemRow> {
    return this.publications.letIn(actor, id, 'quarantined');
  }

  /** Everything that happened to the item, newest first. */
  @ApiOkResponse({ type: StepPage })
  @Get(':id/history')
  history(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Query() query: PageQuery,
  ): Promise<Page<StepRow>> {
    return this.publications.history(actor, id, query);
  }
}
