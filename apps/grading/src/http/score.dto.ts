import { ApiProperty } from '@nestjs/swagger';
import { NumberField, TextField } from '@parlance/platform';
import { AnnotationDto } from './review-task.dto.js';

/** More than any real assignment is worth; keeps sums far from what a number can hold. */
const MAX_POINTS = 1_000_000;

export class OverrideDto {
  @NumberField({ min: 0, max: MAX_POINTS, about: 'may be more than pointsPossible' })
  points: number;

  @TextField({ max: 1000, about: 'why, for colleagues' })
  reason: string;
}

export class OverrideView {
  @ApiProperty() points: number;
  @ApiProperty({ required: false, description: 'not shown to learners' }) reason?: string;
  @ApiProperty({ required: false, format: 'uuid', description: 'not shown to learners' })
  actorId?: string;
  @ApiProperty({ format: 'date-time' }) at: string;
}

export class ItemScoreView {
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty({ format: 'uuid' }) itemVersionId: string;
  @ApiProperty({ type: Number, nullable: true, description: 'null while it waits for a person' })
  points: number | null;
  @ApiProperty() pointsPossible: number;
}

const RESPONSE_VALUE = {
  oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  nullable: true,
};

const VERDICTS = ['correct', 'partial', 'incorrect', 'unanswered', 'awaiting-review'];

export class ChoiceFeedbackDto {
  @ApiProperty({ description: 'as it was answered: the id of a choice, or of two' }) choice: string;
  @ApiProperty() text: string;
}

export class PartScoreView {
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty({ format: 'uuid' }) itemVersionId: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: the item as a whole' })
  responseId: string | null;
  @ApiProperty(RESPONSE_VALUE) given: unknown;
  @ApiProperty({ type: Number, nullable: true }) points: number | null;
  @ApiProperty({ type: Number, nullable: true }) pointsPossible: number | null;
  @ApiProperty({ enum: VERDICTS }) verdict: string;
  @ApiProperty({ type: String, nullable: true }) comment: string | null;
  @ApiProperty({
    enum: ['slip', 'spelling-variety'],
    isArray: true,
    required: false,
    description: 'noticed of an answer that was taken all the same',
  })
  notes?: string[];
  @ApiProperty({ required: false, description: 'what the author says to a wrong answer' })
  feedback?: string;
  @ApiProperty({
    type: [ChoiceFeedbackDto],
    required: false,
    description: 'what the author says to what was chosen; left out while feedback is not released',
  })
  choiceFeedback?: ChoiceFeedbackDto[];
  @ApiProperty({ ...RESPONSE_VALUE, required: false, description: 'teachers only' })
  expected?: unknown;
  @ApiProperty({ required: false, description: 'what decided; teachers only' }) rule?: string;
  @ApiProperty({
    type: Object,
    required: false,
    description:
      'how the points came about: pattern, nearest order or aligned words; teachers only',
  })
  trace?: object;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, required: false })
  markedBy?: string | null;
}

export class ReleasedDto {
  @ApiProperty() score: boolean;
  @ApiProperty() answers: boolean;
  @ApiProperty() feedback: boolean;
}

export class ChosenLevelDto {
  @ApiProperty() id: string;
  @ApiProperty() title: string;
  @ApiProperty() description: string;
  @ApiProperty({ required: false, description: 'left out while the score is not released' })
  points?: number;
}

export class CriterionFeedbackDto {
  @ApiProperty() id: string;
  @ApiProperty() title: string;
  @ApiProperty({ type: ChosenLevelDto }) level: ChosenLevelDto;
}

export class RubricFeedbackDto {
  @ApiProperty() title: string;
  @ApiProperty({ type: [CriterionFeedbackDto] }) criteria: CriterionFeedbackDto[];
}

export class CommentDto {
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty({ type: String, nullable: true }) responseId: string | null;
  @ApiProperty({ type: String, nullable: true }) comment: string | null;
  @ApiProperty({ type: [AnnotationDto] }) annotations: AnnotationDto[];
  @ApiProperty({
    type: RubricFeedbackDto,
    nullable: true,
    description: 'chosen levels; null: marked without a rubric',
  })
  rubric: RubricFeedbackDto | null;
}

export class TranscriptDto {
  @ApiProperty({ type: 'integer' }) slot: number;
  @ApiProperty() text: string;
}

export class ScoreDto {
  @ApiProperty({ format: 'uuid' }) attemptId: string;
  @ApiProperty({ format: 'uuid' }) assignmentId: string;
  @ApiProperty({ format: 'uuid' }) learnerId: string;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ enum: ['provisional', 'final'] }) status: string;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'the override if there is one, else the computed points; null: not released',
  })
  points: number | null;
  @ApiProperty({ type: Number, nullable: true }) computedPoints: number | null;
  @ApiProperty() pointsPossible: number;
  @ApiProperty({ type: ReleasedDto, description: 'what the learner may see now' })
  released: ReleasedDto;
  @ApiProperty({ type: OverrideView, nullable: true }) override: OverrideView | null;
  @ApiProperty({ type: [ItemScoreView] }) items: ItemScoreView[];
  @ApiProperty({ type: [PartScoreView] }) parts: PartScoreView[];
  @ApiProperty({
    type: [TranscriptDto],
    required: false,
    description: 'what is said in recordings, with the released answers',
  })
  transcripts?: TranscriptDto[];
  @ApiProperty({ type: [CommentDto], required: false, description: 'left out: not released' })
  comments?: CommentDto[];
}

export class ScoreVersionDto {
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ enum: ['provisional', 'final'] }) status: string;
  @ApiProperty() points: number;
  @ApiProperty() computedPoints: number;
  @ApiProperty() pointsPossible: number;
  @ApiProperty() overridden: boolean;
  @ApiProperty({ description: 'e.g. scored, reviewed, overridden, rescored' }) cause: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) actorId: string | null;
  @ApiProperty({ type: String, nullable: true }) reason: string | null;
  @ApiProperty({ type: String, format: 'date-time' }) scoredAt: Date;
}

export class ScoreHistoryDto {
  @ApiProperty({ type: [ScoreVersionDto] }) items: ScoreVersionDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
