import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { storableText } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import type { ScoredTry } from '../domain/tries.js';
import { Tries } from '../tries.js';
import { claimedInstant } from './slot-answers.js';
import { ItemTriesDto, type ItemTryDto, NewTryDto, TryReceiptDto } from './try.dto.js';

/** Items that say something while the learner is still at work. */
@Controller('attempts')
export class TriesController {
  constructor(private readonly tries: Tries) {}

  @Post(':id/items/:slot/tries')
  @HttpCode(202)
  @Roles('learner')
  @ApiOperation({ summary: 'Tries an item; its result comes a moment later' })
  @ApiAcceptedResponse({ type: TryReceiptDto })
  async make(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('slot', ParseIntPipe) slot: number,
    @IdempotencyKey('required') key: string,
    @Body() { sequence, responses, lease, deviceId, deviceTime }: NewTryDto,
  ): Promise<TryReceiptDto> {
    const origin = {
      lease: lease ?? null,
      deviceId: deviceId === undefined ? null : storableText(deviceId),
      deviceTime: claimedInstant(deviceTime),
    };
    const receipt = await this.tries.make(actor, id, slot, { sequence, responses, origin }, key);
    return { ...receipt, resultAt: `/api/v1/attempts/${id}/items/${slot}/tries` };
  }

  @Get(':id/items/:slot/tries')
  @Roles('learner')
  @ApiOperation({ summary: 'The tries of an item with the results that have come' })
  @ApiOkResponse({ type: ItemTriesDto })
  async list(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('slot', ParseIntPipe) slot: number,
  ): Promise<ItemTriesDto> {
    const { tries, ...counts } = await this.tries.list(actor, id, slot);
    return { ...counts, items: tries.map(tryDto) };
  }
}

function tryDto({ number, sequence, responses, triedAt, result }: ScoredTry): ItemTryDto {
  const made = { number, sequence, responses, triedAt: triedAt.toISOString() };
  if (result === null) return made;
  const { completed, triesCounted, feedback, points, pointsPossible, scoredAt } = result;
  return {
    ...made,
    result: {
      ...{ completed, counted: number <= triesCounted, feedback },
      points: points ?? undefined,
      pointsPossible: pointsPossible ?? undefined,
      scoredAt: scoredAt.toISOString(),
    },
  };
}
