import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, IdField, IntegerField, PageQuery, TextField } from '@parlance/platform';
import type { DisputeState } from '../domain/dispute.js';

const STATES = ['open', 'answered', 'upheld', 'rejected'] as const;

export class NewDisputeDto {
  @IdField() attemptId: string;
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @TextField({ max: 4000 }) text: string;
}

export class DisputeMessageInput {
  @TextField({ max: 4000 }) text: string;
  @ChoiceField(['upheld', 'rejected'], { optional: true, about: 'teachers only' })
  decision?: 'upheld' | 'rejected';
}

export class DisputeQuery extends PageQuery {
  @IdField({ optional: true }) attemptId?: string;
  @ChoiceField(STATES, { optional: true }) state?: DisputeState;
}

export class DisputeMessageDto {
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ format: 'uuid' }) authorId: string;
  @ApiProperty() byLearner: boolean;
  @ApiProperty({ enum: STATES, description: 'state after it' }) state: DisputeState;
  @ApiProperty() text: string;
  @ApiProperty({ type: String, format: 'date-time' }) at: Date;
}

export class DisputeDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) attemptId: string;
  @ApiProperty({ format: 'uuid' }) classId: string;
  @ApiProperty({ format: 'uuid' }) learnerId: string;
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty({ enum: STATES }) state: DisputeState;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ type: String, format: 'date-time' }) openedAt: Date;
  @ApiProperty({ type: [DisputeMessageDto], required: false, description: 'not in lists' })
  messages?: DisputeMessageDto[];
}

export class DisputePageDto {
  @ApiProperty({ type: [DisputeDto] }) items: DisputeDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
