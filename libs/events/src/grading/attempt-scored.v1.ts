import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsUUID,
  Min,
  ValidateIf,
} from 'class-validator';
import { defineEvent } from '../define.js';

export class AttemptScoredV1Data {
  @IsUUID() attemptId: string;
  @IsUUID() assignmentId: string;
  @IsUUID() classId: string;
  @IsUUID() learnerId: string;
  @IsInt() @Min(1) attemptNumber: number;
  /** Grows by one with every score, review or override of this attempt. */
  @IsInt() @Min(1) scoreVersion: number;
  /** `provisional` while a part still waits for a review. */
  @IsIn(['provisional', 'final']) status: 'provisional' | 'final';
  /** The score that counts: the override if there is one, else the computed score. */
  @IsNumber() points: number;
  /** What marking gave, beneath any override. */
  @IsNumber() computedPoints: number;
  @IsNumber() @Min(0) pointsPossible: number;
  @IsBoolean() overridden: boolean;
  @IsIn(['scored', 'reviewed', 'overridden', 'override-removed'])
  cause: 'scored' | 'reviewed' | 'overridden' | 'override-removed';
  /** Person who caused it; null for automatic scoring. */
  @ValidateIf((_, value) => value !== null) @IsUUID() actorId: string | null;
  @IsISO8601() submittedAt: string;
  @IsISO8601() scoredAt: string;
}

export const AttemptScoredV1 = defineEvent({
  type: 'grading.attempt-scored.v1',
  owner: 'grading',
  consumers: ['gradebook'],
  data: AttemptScoredV1Data,
  subject: 'attemptId',
  summary: 'An attempt has a new score version.',
});
