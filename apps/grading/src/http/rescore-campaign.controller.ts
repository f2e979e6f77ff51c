import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
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
import type { CampaignStep } from '../domain/campaign.js';
import { HiddenAttempts } from '../hidden-attempts.js';
import { RescoreCampaigns } from '../rescore-campaigns.js';
import {
  AttemptOutcomePageDto,
  CampaignChangeDto,
  CampaignDto,
  CampaignPageDto,
  CampaignStepDto,
  ClassImpactPageDto,
  NewCampaignDto,
  OutcomeQuery,
} from './rescore-campaign.dto.js';

const STEPS: Record<CampaignStepDto['state'], CampaignStep> = {
  paused: 'pause',
  running: 'resume',
  cancelled: 'cancel',
  reverted: 'revert',
};

@Controller('rescore-campaigns')
@Roles('teacher', 'admin')
export class RescoreCampaignController {
  constructor(
    private readonly campaigns: RescoreCampaigns,
    private readonly hidden: HiddenAttempts,
  ) {}

  @Post()
  @Versioned()
  @ApiOperation({ summary: 'Opens a campaign and begins its dry run' })
  @ApiCreatedResponse({ type: CampaignDto })
  open(
    @CurrentActor() actor: Actor,
    @IdempotencyKey() key: string | undefined,
    @Body() body: NewCampaignDto,
  ) {
    return this.campaigns.open(actor, { ...body, neverLower: body.neverLower ?? false }, key);
  }

  @Get()
  @ApiOperation({ summary: 'Campaigns, newest first; teachers see those they opened' })
  @ApiOkResponse({ type: CampaignPageDto })
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery) {
    return this.campaigns.list(actor, page);
  }

  @Get(':campaignId')
  @Versioned()
  @ApiOperation({ summary: 'A campaign and how far it is' })
  @ApiOkResponse({ type: CampaignDto })
  read(@CurrentActor() actor: Actor, @Param('campaignId', IdPipe) id: Id) {
    return this.campaigns.read(actor, id);
  }

  @Get(':campaignId/impact')
  @ApiOperation({
    summary: 'What the dry run found for each class; no samples of what has no names',
  })
  @ApiOkResponse({ type: ClassImpactPageDto })
  async impact(
    @CurrentActor() actor: Actor,
    @Param('campaignId', IdPipe) id: Id,
    @Query() page: PageQuery,
  ) {
    const { items, nextCursor } = await this.campaigns.impact(actor, id, page);
    const seen = items.map(async (one) => ({
      ...one,
      samples: await this.hidden.without(actor, one.samples),
    }));
    return { items: await Promise.all(seen), nextCursor };
  }

  @Get(':campaignId/outcomes')
  @ApiOperation({ summary: 'What became of each attempt; not of those marked without names' })
  @ApiOkResponse({ type: AttemptOutcomePageDto })
  async outcomes(
    @CurrentActor() actor: Actor,
    @Param('campaignId', IdPipe) id: Id,
    @Query() query: OutcomeQuery,
  ) {
    const { pass = 'apply', outcome = null } = query;
    const page = await this.campaigns.outcomes(actor, id, { pass, outcome }, query);
    return { ...page, items: await this.hidden.without(actor, page.items) };
  }

  @Patch(':campaignId')
  @Roles('admin')
  @Versioned()
  @ApiOperation({ summary: 'Changes a draft and begins its dry run again; needs If-Match' })
  @ApiOkResponse({ type: CampaignDto })
  change(
    @CurrentActor() actor: Actor,
    @Param('campaignId', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: CampaignChangeDto,
  ) {
    return this.campaigns.change(actor, id, seen, body.neverLower);
  }

  @Put(':campaignId/approval')
  @Roles('admin')
  @Versioned()
  @ApiOperation({ summary: 'Lets a campaign begin; not by whoever opened it. Needs If-Match' })
  @ApiOkResponse({ type: CampaignDto })
  approve(
    @CurrentActor() actor: Actor,
    @Param('campaignId', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
  ) {
    return this.campaigns.approve(actor, id, seen);
  }

  @Put(':campaignId/state')
  @Roles('admin')
  @Versioned()
  @ApiOperation({ summary: 'Pauses, resumes, cancels or reverts a campaign; needs If-Match' })
  @ApiOkResponse({ type: CampaignDto })
  proceed(
    @CurrentActor() actor: Actor,
    @Param('campaignId', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: CampaignStepDto,
  ) {
    return this.campaigns.proceed(actor, id, seen, STEPS[body.state]);
  }
}
