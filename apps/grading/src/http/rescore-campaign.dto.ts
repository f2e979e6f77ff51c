import { ApiProperty } from '@nestjs/swagger';
import { BooleanField, ChoiceField, IdField, PageQuery, TextField } from '@parlance/platform';
import { CAMPAIGN_STATES, type CampaignState } from '../domain/campaign.js';
import type { RescoreOutcome } from '../domain/rescore.js';

const OUTCOMES = ['rescored', 'kept', 'marked', 'unscorable'] as const;
const PASSES = ['apply', 'revert'] as const;

export class NewCampaignDto {
  @IdField({ about: 'item version that was wrong' }) fromVersionId: string;
  @IdField({ about: 'item version to score with instead' }) toVersionId: string;
  @TextField({ max: 1000, about: 'what was wrong, for colleagues' }) reason: string;
  @BooleanField({ optional: true, about: 'true: no slot loses points' }) neverLower?: boolean;
}

export class CampaignChangeDto {
  @BooleanField() neverLower: boolean;
}

export class CampaignStepDto {
  @ChoiceField(['paused', 'running', 'cancelled', 'reverted'])
  state: 'paused' | 'running' | 'cancelled' | 'reverted';
}

export class OutcomeQuery extends PageQuery {
  @ChoiceField(PASSES, { optional: true }) pass?: 'apply' | 'revert';
  @ChoiceField(OUTCOMES, { optional: true }) outcome?: RescoreOutcome;
}

export class PassCountsDto {
  @ApiProperty({ type: 'integer' }) attempts: number;
  @ApiProperty({ type: 'integer' }) rescored: number;
  @ApiProperty({ type: 'integer', description: 'would have lost points' }) kept: number;
  @ApiProperty({ type: 'integer', description: 'a person’s mark stays' }) marked: number;
  @ApiProperty({ type: 'integer' }) unscorable: number;
  @ApiProperty({ type: 'integer' }) raised: number;
  @ApiProperty({ type: 'integer' }) lowered: number;
}

export class CampaignDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) itemId: string | null;
  @ApiProperty({ format: 'uuid' }) fromVersionId: string;
  @ApiProperty({ format: 'uuid' }) toVersionId: string;
  @ApiProperty() reason: string;
  @ApiProperty() neverLower: boolean;
  @ApiProperty({ enum: CAMPAIGN_STATES }) state: CampaignState;
  @ApiProperty({ enum: ['preview', ...PASSES] }) pass: string;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) openedBy: string | null;
  @ApiProperty({ type: String, format: 'date-time' }) openedAt: Date;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) approvedBy: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) approvedAt: Date | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) finishedAt: Date | null;
  @ApiProperty({ type: PassCountsDto }) progress: PassCountsDto;
  @ApiProperty({
    type: Object,
    additionalProperties: { $ref: '#/components/schemas/PassCountsDto' },
    description: 'of the passes there were: preview, apply, revert',
  })
  counts: Record<string, unknown>;
}

export class CampaignPageDto {
  @ApiProperty({ type: [CampaignDto] }) items: CampaignDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class ImpactSampleDto {
  @ApiProperty({ format: 'uuid' }) attemptId: string;
  @ApiProperty() before: number;
  @ApiProperty() after: number;
}

export class ClassImpactDto {
  @ApiProperty({ format: 'uuid' }) classId: string;
  @ApiProperty({ type: 'integer' }) attempts: number;
  @ApiProperty({ type: 'integer' }) raised: number;
  @ApiProperty({ type: 'integer' }) lowered: number;
  @ApiProperty({ type: 'integer' }) same: number;
  @ApiProperty({ type: 'integer', description: 'kept, marked or unscorable' }) untouched: number;
  @ApiProperty({ type: Number, nullable: true, description: 'points' }) meanChange: number | null;
  @ApiProperty({ type: [ImpactSampleDto] }) samples: ImpactSampleDto[];
}

export class ClassImpactPageDto {
  @ApiProperty({ type: [ClassImpactDto] }) items: ClassImpactDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class AttemptOutcomeDto {
  @ApiProperty({ format: 'uuid' }) attemptId: string;
  @ApiProperty({ format: 'uuid' }) classId: string;
  @ApiProperty({ enum: OUTCOMES }) outcome: RescoreOutcome;
  @ApiProperty({ description: 'points that counted' }) pointsBefore: number;
  @ApiProperty() pointsAfter: number;
  @ApiProperty({ type: 'integer' }) scoreVersion: number;
}

export class AttemptOutcomePageDto {
  @ApiProperty({ type: [AttemptOutcomeDto] }) items: AttemptOutcomeDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
