import { ApiProperty } from '@nestjs/swagger';
import {
  BooleanField,
  ChoiceField,
  IdField,
  IntegerField,
  ListField,
  NestedField,
  NumberField,
} from '@parlance/platform';
import { RELEASE_POLICIES, type ReleasePolicy } from '../domain/release.js';

const DECISIONS = ['released', 'withheld', 'by-policy'] as const;
type Decision = (typeof DECISIONS)[number];

export class SlotSettingsDto {
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @NumberField({ min: 0, optional: true, about: 'as below, for this slot' })
  doubleThreshold?: number;
  @IdField({ optional: true, about: 'marks are levels of this rubric' }) rubricVersionId?: string;
}

export class ReleasePoliciesDto {
  @ChoiceField(RELEASE_POLICIES) score: ReleasePolicy;
  @ChoiceField(RELEASE_POLICIES, { about: 'own answers with verdicts' }) answers: ReleasePolicy;
  @ChoiceField(RELEASE_POLICIES, { about: 'comments of markers' }) feedback: ReleasePolicy;
}

export class MarkingSettingsInput {
  @BooleanField({ about: 'markers see no names until a score is final' }) anonymous: boolean;
  @NumberField({
    min: 0,
    optional: true,
    about: 'two people mark; further apart than these points, a third decides',
  })
  doubleThreshold?: number | null;
  @ListField(() => SlotSettingsDto, { max: 500 }) slots: SlotSettingsDto[];
  @NestedField(() => ReleasePoliciesDto) release: ReleasePoliciesDto;
}

export class ReleaseInputDto {
  @ChoiceField(DECISIONS, { optional: true }) score?: Decision;
  @ChoiceField(DECISIONS, { optional: true }) answers?: Decision;
  @ChoiceField(DECISIONS, { optional: true }) feedback?: Decision;
}

export class ReleaseRuleDto {
  @ApiProperty({ enum: RELEASE_POLICIES }) policy: ReleasePolicy;
  @ApiProperty({ type: String, enum: ['released', 'withheld'], nullable: true })
  decision: string | null;
}

export class ReleaseRulesDto {
  @ApiProperty({ type: ReleaseRuleDto }) score: ReleaseRuleDto;
  @ApiProperty({ type: ReleaseRuleDto }) answers: ReleaseRuleDto;
  @ApiProperty({ type: ReleaseRuleDto }) feedback: ReleaseRuleDto;
}

export class MarkingSettingsDto {
  @ApiProperty({ format: 'uuid' }) assignmentId: string;
  @ApiProperty({ type: 'integer', description: '0: nobody has chosen anything yet' })
  version: number;
  @ApiProperty() anonymous: boolean;
  @ApiProperty({ type: Number, nullable: true }) doubleThreshold: number | null;
  @ApiProperty({ type: [SlotSettingsDto] }) slots: SlotSettingsDto[];
  @ApiProperty({ type: ReleaseRulesDto }) release: ReleaseRulesDto;
}

export class MarkerAgreementDto {
  @ApiProperty({ format: 'uuid' }) markerId: string;
  @ApiProperty({ type: 'integer', description: 'answers others marked too' }) count: number;
  @ApiProperty({ description: 'mean of own points less the others’' }) severity: number;
  @ApiProperty({ description: 'share with the same points' }) exact: number;
  @ApiProperty({ type: Number, nullable: true, description: 'quadratic weighted kappa' })
  kappa: number | null;
}

export class AgreementDto {
  @ApiProperty({ type: [MarkerAgreementDto] }) items: MarkerAgreementDto[];
}
