import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';
import { defineEvent } from '../define.js';

export class SubmittedItem {
  @IsInt() @Min(1) slot: number;
  @IsUUID() itemVersionId: string;
  /** Responses of `@parlance/assessment`: response id to string, strings or null. */
  @IsObject() responses: Record<string, string | string[] | null>;
}

export class AttemptSubmittedData {
  @IsUUID() attemptId: string;
  @IsUUID() assignmentId: string;
  @IsUUID() classId: string;
  @IsUUID() learnerId: string;
  @IsInt() @Min(1) attemptNumber: number;
  @IsISO8601() submittedAt: string;
  @IsOptional() @IsISO8601() dueAt?: string;
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => SubmittedItem)
  items: SubmittedItem[];
}

export const AttemptSubmitted = defineEvent({
  type: 'assignments.attempt-submitted.v1',
  owner: 'assignments',
  consumers: ['grading'],
  data: AttemptSubmittedData,
  subject: 'attemptId',
  summary: 'A learner handed in an attempt; carries every answer.',
});
