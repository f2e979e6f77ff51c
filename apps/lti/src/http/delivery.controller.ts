import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { decodeCursor, type Id, isId, Refusal } from '@parlance/kernel';
import { type Actor, CurrentActor, hasRole, IdPipe, Roles } from '@parlance/platform';
import type { DeliveryRow } from '../db/delivery.store.js';
import { Deliveries } from '../deliveries.js';
import { DeliveryDto, DeliveryPageDto, DeliveryQueryDto } from './delivery.dto.js';

@Controller('lti/deliveries')
export class DeliveryController {
  constructor(private readonly deliveries: Deliveries) {}

  @Get()
  @Roles('teacher', 'admin')
  @ApiOperation({ summary: 'Scores sent or being sent to the LMS, newest first.' })
  @ApiOkResponse({ type: DeliveryPageDto })
  async list(
    @CurrentActor() actor: Actor,
    @Query() query: DeliveryQueryDto,
  ): Promise<DeliveryPageDto> {
    const { assignmentId, learnerId, status, limit, cursor } = query;
    if (assignmentId === undefined && !hasRole(actor, 'admin')) {
      const faults = [{ pointer: '/assignmentId', detail: 'name one assignment' }];
      throw new Refusal('invalid', 'assignment-required', 'Name an assignment.', faults);
    }
    const after = cursor === undefined ? null : afterOf(cursor);
    const filter = { assignmentId, learnerId, status, after, limit };
    const page = await this.deliveries.list(actor, filter);
    return { ...page, items: page.items.map(shown) };
  }

  @Post(':id/retries')
  @Roles('admin')
  @HttpCode(202)
  @ApiOperation({ summary: 'Sends a score again that failed for good.' })
  @ApiAcceptedResponse()
  async retry(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<void> {
    await this.deliveries.retry(actor, id);
  }
}

function afterOf(cursor: string): Id {
  const [id] = decodeCursor(cursor, 1);
  if (!isId(id)) throw new Refusal('invalid', 'invalid-cursor', 'This is not our cursor.');
  return id;
}

function shown(row: DeliveryRow): DeliveryDto {
  return {
    ...row,
    points: Number(row.points),
    pointsPossible: Number(row.pointsPossible),
    scoredAt: row.scoredAt.toISOString(),
    lastTriedAt: row.lastTriedAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}
