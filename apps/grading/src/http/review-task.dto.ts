import { ApiProperty } from '@nestjs/swagger';
import { Refusal } from '@parlance/kernel';
import {
  ChoiceField,
  IdField,
  IntegerField,
  ListField,
  NumberField,
  ObjectField,
  PageQuery,
  TextField,
} from '@parlance/platform';
import { IsInt, IsOptional } from 'class-validator';
import { Type } from 'class-transformer';
import { RubricDto } from './rubric.dto.js';
import type { Annotation } from '../domain/score-view.js';
import type { TaskStatus } from '../db/review-task.store.js';

const STATUSES = ['open', 'claimed', 'done'] as const;

export class ReviewTaskQuery extends PageQuery {
  @IdField({ optional: true }) assignmentId?: string;
  @IdField({ optional: true }) classId?: string;
  @ApiProperty({ type: 'integer', required: false })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  slot?: number;
  @ChoiceField([...STATUSES, 'remark'], {
    optional: true,
    about: 'remark: marked with a rubric that has changed, or the learner was right to object',
  })
  status?: TaskStatus | 'remark';
}

export class ClaimDto {
  @IdField({ optional: true, about: 'only tasks of this assignment' }) assignmentId?: string;
  @IdField({ optional: true, about: 'only tasks of this class' }) classId?: string;
  @IntegerField({ min: 1, max: 500, optional: true, about: 'all answers of one question' })
  slot?: number;
  @IdField({ optional: true, about: 'this task and no other' }) taskId?: string;
}

export class AnnotationDto {
  @IntegerField({ min: 0, max: 2_000_000, optional: true, about: 'code points of the text' })
  start?: number;
  @IntegerField({ min: 1, max: 2_000_000, optional: true, about: 'not part of the piece' })
  end?: number;
  @NumberField({ min: 0, max: 86_400, optional: true, about: 'of a recording' })
  startSeconds?: number;
  @NumberField({ min: 0, max: 86_400, optional: true }) endSeconds?: number;
  @TextField({ max: 4000 }) comment: string;
}

export class MarkDto {
  @NumberField({
    min: 0,
    optional: true,
    about: 'where there is no rubric: at most pointsPossible of the task',
  })
  points?: number;
  @ObjectField({ optional: true, about: 'where there is a rubric: criterion id to level id' })
  choices?: Record<string, string>;
  @TextField({ min: 0, max: 10_000, optional: true, about: 'shown to the learner' })
  comment?: string;
  @ListField(() => AnnotationDto, {
    max: 200,
    optional: true,
    about: 'each on a piece of a text or on seconds of a recording',
  })
  annotations?: AnnotationDto[];
}

/** One kind or the other; what is both or neither is refused. */
export function annotationOf(given: AnnotationDto, index: number): Annotation {
  const { start, end, startSeconds, endSeconds, comment } = given;
  const isText = start !== undefined && end !== undefined;
  const isTime = startSeconds !== undefined && endSeconds !== undefined;
  if (isText && startSeconds === undefined && endSeconds === undefined)
    return { start, end, comment };
  if (isTime && start === undefined && end === undefined)
    return { startSeconds, endSeconds, comment };
  throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [
    {
      pointer: `/annotations/${index}`,
      detail: 'needs start and end, or startSeconds and endSeconds',
    },
  ]);
}

export class TaskCountDto {
  @ApiProperty({ format: 'uuid' }) assignmentId: string;
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty({ type: 'integer' }) open: number;
  @ApiProperty({ type: 'integer' }) claimed: number;
  @ApiProperty({ type: 'integer' }) done: number;
}

export class TaskCountsDto {
  @ApiProperty({ type: [TaskCountDto] }) items: TaskCountDto[];
}

/** A rubric with where it comes from: attached to the slot, or the item version's own. */
export class MarkingRubricDto {
  @ApiProperty({ format: 'uuid', required: false, description: 'attached' }) rubricId?: string;
  @ApiProperty({ type: 'integer', required: false, description: 'attached' }) version?: number;
  @ApiProperty({ format: 'uuid', required: false, description: 'attached' }) versionId?: string;
  @ApiProperty({ format: 'uuid', required: false, description: 'own' }) itemVersionId?: string;
  @ApiProperty({ required: false, description: 'own' }) responseId?: string;
  @ApiProperty({ type: RubricDto }) body: RubricDto;
}

export class ReviewTaskDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'null while it is marked without names',
  })
  attemptId: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'stands for the learner’s name' })
  label: string | null;
  @ApiProperty({ format: 'uuid' }) assignmentId: string;
  @ApiProperty({ format: 'uuid' }) classId: string;
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'null: on paper' })
  itemVersionId: string | null;
  @ApiProperty({ type: 'integer', description: '2: the second of two; 3: decides between them' })
  round: number;
  @ApiProperty({ type: Number, nullable: true, description: 'null: marked once' })
  doubleThreshold: number | null;
  @ApiProperty({ type: [AnnotationDto] }) annotations: AnnotationDto[];
  @ApiProperty({
    type: Object,
    additionalProperties: true,
    nullable: true,
    description:
      'what it was marked with: choices, and rubricId, version and versionId of a rubric, or ' +
      'itemVersionId and responseId of an item’s own',
  })
  rubric: object | null;
  @ApiProperty() needsRemark: boolean;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) evidenceUploadId: string | null;
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

  @ApiProperty({
    type: MarkingRubricDto,
    nullable: true,
    required: false,
    description: 'what to mark by; null: points; not in lists',
  })
  markingRubric?: MarkingRubricDto | null;

  @ApiProperty({ type: 'integer', required: false, description: 'after a mark' })
  scoreVersion?: number;
}

export class RecordingDto {
  @ApiProperty({ description: 'gives the recording to whoever has it' }) url: string;
  @ApiProperty() mediaType: string;
  @ApiProperty({ type: String, format: 'date-time' }) expiresAt: Date;
}

export class ReviewTaskPageDto {
  @ApiProperty({ type: [ReviewTaskDto] }) items: ReviewTaskDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class LeaseDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: String, format: 'date-time' }) leaseUntil: Date | null;
}
