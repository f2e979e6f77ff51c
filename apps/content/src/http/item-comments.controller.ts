import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Id, Page } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  PageQuery,
  Roles,
} from '@parlance/platform';
import type { CommentRow } from '../db/item-record.store.js';
import { ItemReviews } from '../item-reviews.js';
import { CommentBody, CommentPage, CommentView, ResolutionBody } from './item-workflow.dto.js';

/** What authors and reviewers say to each other about an item. */
@ApiTags('items')
@Roles('teacher', 'admin')
@Controller('items/:id/comments')
export class ItemCommentsController {
  constructor(private readonly reviews: ItemReviews) {}

  @ApiCreatedResponse({ type: CommentView })
  @Post()
  comment(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: CommentBody,
    @IdempotencyKey() key?: string,
  ): Promise<CommentRow> {
    return this.reviews.comment(actor, id, body, key);
  }

  @ApiOkResponse({ type: CommentPage })
  @Get()
  comments(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Query() query: PageQuery,
  ): Promise<Page<CommentRow>> {
    return this.reviews.comments(actor, id, query);
  }

  @ApiOkResponse({ type: CommentView })
  @Put(':commentId/resolution')
  resolve(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Param('commentId', IdPipe) commentId: Id,
    @Body() body: ResolutionBody,
  ): Promise<CommentRow> {
    return this.reviews.resolve(actor, id, commentId, body.resolved);
  }
}
