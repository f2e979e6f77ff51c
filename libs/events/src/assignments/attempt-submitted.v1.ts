import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsUUID,
  Min,
} from 'class-validator';
import type { JsonSchema } from '../contracts/json-schema.js';
import { defineEvent } from '../define.js';
import { EachSatisfies } from '../each-satisfies.js';
import { type EventResponses, isResponses, RESPONSES } from './responses.js';

/** What was answered in one slot of the form. */
export interface SubmittedItem {
  /** From 1. */
  slot: number;
  /** UUID */
  itemVersionId: string;
  responses: EventResponses;
  /** Earlier tries, first one first; `responses` is the last one. Left out: there were none. */
  tries?: EventResponses[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function isSubmittedItem(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { slot, itemVersionId, responses, tries } = value as Partial<SubmittedItem>;
  if (!Number.isInteger(slot) || (slot as number) < 1) return false;
  if (typeof itemVersionId !== 'string' || !UUID.test(itemVersionId)) return false;
  if (!isResponses(responses)) return false;
  return tries === undefined || (Array.isArray(tries) && tries.every(isResponses));
}

/** What `isSubmittedItem` lets pass. */
const SUBMITTED_ITEM: JsonSchema = {
  type: 'object',
  properties: {
    slot: { type: 'integer', minimum: 1 },
    itemVersionId: { type: 'string', format: 'uuid' },
    responses: RESPONSES,
    tries: { type: 'array', items: RESPONSES },
  },
  required: ['itemVersionId', 'responses', 'slot'],
};

export class AttemptSubmittedData {
  @IsUUID() attemptId: string;
  @IsUUID() assignmentId: string;
  @IsUUID() classId: string;
  @IsUUID() learnerId: string;
  @IsInt() @Min(1) attemptNumber: number;
  @IsISO8601() submittedAt: string;
  @IsOptional() @IsISO8601() dueAt?: string;
  /** Of the grade policy in force when the attempt began. */
  @IsOptional() @IsInt() @Min(0) policyVersion?: number;
  /** `time`: nobody pressed the button before the end; `teacher`: done in class or on paper. */
  @IsOptional() @IsIn(['learner', 'time', 'teacher']) handedInBy?: 'learner' | 'time' | 'teacher';
  @IsArray()
  @ArrayMaxSize(500)
  @EachSatisfies(isSubmittedItem, SUBMITTED_ITEM)
  items: SubmittedItem[];
}

export const AttemptSubmitted = defineEvent({
  type: 'assignments.attempt-submitted.v1',
  owner: 'assignments',
  consumers: ['grading'],
  data: AttemptSubmittedData,
  subject: 'attemptId',
  pii: ['items'],
  summary: 'An attempt was handed in, perhaps anew; carries every answer.',
});
