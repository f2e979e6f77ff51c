import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { storableText } from '@parlance/kernel';
import { type Actor, CurrentActor, IdPipe, Public, Roles } from '@parlance/platform';
import { Offline } from '../offline.js';
import { OfflineKeys } from '../offline-keys.js';
import { signedDto } from './attempt-media.controller.js';
import {
  BundleClaimDto,
  BundleDto,
  OfflineReceiptDto,
  OfflineResponsesDto,
} from './offline.dto.js';
import { claimedInstant } from './slot-answers.js';

@Controller('attempts')
export class OfflineController {
  constructor(private readonly offline: Offline) {}

  /** What a device takes along; it is the one that writes from now on. */
  @Post(':id/bundles')
  @Roles('learner')
  @ApiCreatedResponse({ type: BundleDto })
  async take(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: BundleClaimDto,
  ): Promise<BundleDto> {
    const claim = { deviceId: storableText(body.deviceId), takeOver: body.takeOver === true };
    const { syncUntil, media, ...bundle } = await this.offline.take(actor, id, claim);
    return {
      ...bundle,
      syncUntil: syncUntil?.toISOString(),
      media: media.map(signedDto),
    };
  }

  /** What a device brings back; the receipt says what became of every answer. */
  @Post(':id/offline-responses')
  @HttpCode(200)
  @Roles('learner')
  @ApiOkResponse({ type: OfflineReceiptDto })
  async bringBack(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() { evidence, answers }: OfflineResponsesDto,
  ): Promise<OfflineReceiptDto> {
    const given = answers.map((one) => ({
      slot: one.slot,
      sequence: one.sequence,
      responses: one.responses,
      elapsedMs: one.elapsedMs ?? null,
      deviceTime: claimedInstant(one.deviceTime),
    }));
    const receipt = await this.offline.bringBack(actor, id, evidence, given);
    return { ...receipt, receivedAt: receipt.receivedAt.toISOString() };
  }
}

/** The public key of bundles (RFC 7517). */
@Controller('offline-keys')
export class OfflineKeysController {
  constructor(private readonly keys: OfflineKeys) {}

  @Public()
  @Get()
  @Header('cache-control', 'public, max-age=300')
  @ApiOkResponse({ description: 'JSON Web Key Set' })
  get() {
    return this.keys.jwks();
  }
}
