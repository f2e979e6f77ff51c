import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsUUID,
  Min,
} from 'class-validator';
import type { JsonSchema } from '../contracts/json-schema.js';
import { defineEvent } from '../define.js';
import { EachSatisfies } from '../each-satisfies.js';

/** What the author says to a try. */
export interface TryFeedback {
  /** The answer it is about; left out, it is about the item. */
  responseId?: string;
  /** BodyNode of `@parlance/assessment`. */
  content: object[];
}

function isTryFeedback(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { responseId, content } = value as Partial<TryFeedback>;
  if (responseId !== undefined && typeof responseId !== 'string') return false;
  return Array.isArray(content) && content.every((one) => typeof one === 'object' && one !== null);
}

/** What `isTryFeedback` lets pass. */
const TRY_FEEDBACK: JsonSchema = {
  type: 'object',
  properties: {
    responseId: { type: 'string' },
    content: { type: 'array', items: { type: 'object' } },
  },
  required: ['content'],
};

/** All of it may be seen by a learner who is still at work: no key, rule, verdict or trace. */
export class TryScoredData {
  @IsUUID() tryId: string;
  @IsUUID() attemptId: string;
  @IsInt() @Min(1) slot: number;
  /** The try of the slot, from 1. */
  @IsInt() @Min(1) tryNumber: number;
  /** How many of the tries so far count; fewer than there are once an earlier one completed it. */
  @IsInt() @Min(1) triesCounted: number;
  /** The last try that counts leaves nothing to try. */
  @IsBoolean() completed: boolean;
  @IsArray()
  @ArrayMaxSize(1000)
  @EachSatisfies(isTryFeedback, TRY_FEEDBACK)
  feedback: TryFeedback[];
  /** Only where the author says that tries show points. */
  @IsOptional() @IsNumber() points?: number;
  @IsOptional() @IsNumber() pointsPossible?: number;
  @IsISO8601() scoredAt: string;
}

export const TryScored = defineEvent({
  type: 'grading.try-scored.v1',
  owner: 'grading',
  consumers: ['assignments'],
  data: TryScoredData,
  subject: 'tryId',
  summary: 'What a learner who is still at work may know of a try.',
});
