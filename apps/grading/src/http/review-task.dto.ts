import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, IdField, NumberField, PageQuery, TextField } from '@parlance/platform';
import type { TaskStatus } from '../db/review-task.store.js';

const STATUSES = ['open', 'claimed', 'done'] as const;

export class ReviewTaskQuery extends PageQuery {
  @IdField({ optional: true }) assignmentId?: string;
  @ChoiceField(STATUSES, { optional: true }) status?: TaskStatus;
}

export class ClaimDto {
  @IdField({ optional: true, about: 'only tasks of this assignment' }) assignmentId?: string;
}

export class MarkDto {
  @NumberField({ min: 0, about: 'at most pointsPossible of the task' }) points: number;
  @TextField({ min: 0, max: 10_000, optional: true, about: 'shown to the learner' })
  comment?: string;
}

export class ReviewTaskDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) attemptId: string;
  @ApiProperty({ format: 'uuid' }) assignmentId: string;
  @ApiProperty({ format: 'uuid' }) classId: string;
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty({ format: 'uuid' }) itemVersionId: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: the item as a whole' })
  responseId: string | null;
  @ApiProperty() pointsPossible: number;
  @ApiProperty({ enum: STATUSES }) status: TaskStatus;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) claimedBy: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) leaseUntil: Date | null;
  @ApiProperty({ type: Number, nullable: true }) points: number | null;
  @ApiProperty({ type: String, nullable: true }) comment: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) markedBy: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) markedAt: Date | null;

  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    nullable: true,
    required: false,
    description: 'the answer to mark; not in lists',
  })
  response?: unknown;

  @ApiProperty({
    type: Object,
    additionalProperties: true,
    required: false,
    description: 'every answer to the item; not in lists',
  })
  responses?: Record<string, unknown>;

  @ApiProperty({ type: 'integer', required: false, description: 'after a mark' })
  scoreVersion?: number;
}

export class ReviewTaskPageDto {
  @ApiProperty({ type: [ReviewTaskDto] }) items: ReviewTaskDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class LeaseDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: String, format: 'date-time' }) leaseUntil: Date | null;
}
