import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  type EventEnvelope,
  ItemVersionCorrected,
  type ItemVersionCorrectedData,
} from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { RescoreCampaigns } from '../rescore-campaigns.js';

@Controller()
export class OnItemVersionCorrected {
  constructor(private readonly campaigns: RescoreCampaigns) {}

  /** Opens a campaign with its dry run, and no more: whether scores change is for people. */
  @EventPattern<string>(ItemVersionCorrected.type)
  async handle(
    @Payload() { data }: EventEnvelope<ItemVersionCorrectedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { itemId, oldItemVersionId, newItemVersionId, reason, actorId } = data;
    const versions = { fromVersionId: oldItemVersionId, toVersionId: newItemVersionId };
    await this.campaigns.openFor(context, { itemId, ...versions, reason, actorId });
  }
}
