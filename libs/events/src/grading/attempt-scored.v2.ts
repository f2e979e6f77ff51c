import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { defineEvent, upcastFrom } from '../define.js';
import { AttemptScoredV1 } from './attempt-scored.v1.js';

/** Why there is a new score version, as far as grading knows today. */
export const SCORE_CAUSES = [
  'scored',
  'reviewed',
  'adjudicated',
  'overridden',
  'override-removed',
  'rescored',
  'rescore-reverted',
  'resubmitted',
  'reopened',
  'entered',
  'released',
  'withheld',
] as const;

export type ScoreCause = (typeof SCORE_CAUSES)[number];

export class AttemptScoredData {
  @IsUUID() attemptId: string;
  @IsUUID() assignmentId: string;
  @IsUUID() classId: string;
  @IsUUID() learnerId: string;
  @IsInt() @Min(1) attemptNumber: number;
  /** Grows by one with every score, review, override, rescore or release of this attempt. */
  @IsInt() @Min(1) scoreVersion: number;
  /** `provisional` while a part still waits for a review. */
  @IsIn(['provisional', 'final']) status: 'provisional' | 'final';
  /** The score that counts: the override if there is one, else the computed score. */
  @IsNumber() points: number;
  /** What marking gave, beneath any override. */
  @IsNumber() computedPoints: number;
  @IsNumber() @Min(0) pointsPossible: number;
  @IsBoolean() overridden: boolean;
  /** One of SCORE_CAUSES; an explanation that nothing is decided by, so the list may grow. */
  @IsString() @MaxLength(40) cause: string;
  /** Person who caused it; null for what happened by itself. */
  @ValidateIf((_, value) => value !== null) @IsUUID() actorId: string | null;
  @IsISO8601() submittedAt: string;
  /** When this learner's attempt was due, as assignments said when it was handed in. */
  @IsOptional() @IsISO8601() dueAt?: string;
  @IsISO8601() scoredAt: string;
  /** Whether the learner may see the score, and whatever is computed from it, now. */
  @IsBoolean() scoreReleased: boolean;
  /** Instant from which they may, when it is known and `scoreReleased` is false. */
  @IsOptional() @IsISO8601() scoreReleasesAt?: string;
}

export const AttemptScored = defineEvent({
  type: 'grading.attempt-scored.v2',
  owner: 'grading',
  consumers: ['gradebook'],
  data: AttemptScoredData,
  subject: 'attemptId',
  // What was scored before there were release policies was seen by the learner at once.
  upcasts: upcastFrom(AttemptScoredV1, (older) => ({ ...older, scoreReleased: true })),
  summary: 'An attempt has a new score version, or its learner may see it from now on.',
});
