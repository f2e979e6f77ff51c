import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';
import type { JsonSchema } from '../contracts/json-schema.js';
import { defineEvent } from '../define.js';
import { EachSatisfies } from '../each-satisfies.js';

/** A learner whose due date is not the assignment's; null: none. */
export interface DueException {
  learnerId: string;
  dueAt: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function isDueException(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { learnerId, dueAt } = value as Partial<DueException>;
  if (typeof learnerId !== 'string' || !UUID.test(learnerId)) return false;
  return dueAt === null || (typeof dueAt === 'string' && !Number.isNaN(Date.parse(dueAt)));
}

const DUE_EXCEPTION: JsonSchema = {
  type: 'object',
  properties: {
    learnerId: { type: 'string', format: 'uuid' },
    dueAt: { type: ['null', 'string'], format: 'date-time' },
  },
  required: ['dueAt', 'learnerId'],
};

export class AssignmentPublishedData {
  @IsUUID() assignmentId: string;
  @IsUUID() classId: string;
  @IsString() @MaxLength(200) title: string;
  /** Category of the gradebook it counts in, e.g. `Homework`. */
  @IsString() @MaxLength(100) category: string;
  @IsNumber() @Min(0) pointsPossible: number;
  @IsIn(['published', 'withdrawn']) status: 'published' | 'withdrawn';
  @IsISO8601() opensAt: string;
  @IsOptional() @IsISO8601() dueAt?: string;
  @IsOptional() @IsISO8601() closesAt?: string;
  /** IANA zone in which the teacher thinks of these instants. */
  @IsString() @MaxLength(64) timeZone: string;
  /** How attempts become a grade. Absent: the best counts, lateness costs nothing. */
  @IsOptional() @IsInt() @Min(0) policyVersion?: number;
  @IsOptional()
  @IsIn(['best', 'last', 'first', 'mean'])
  attemptRule?: 'best' | 'last' | 'first' | 'mean';
  /** All four, or none: lateness costs nothing. */
  @IsOptional() @IsNumber() @Min(0) latePercentPerInterval?: number;
  @IsOptional() @IsInt() @Min(1) lateIntervalSeconds?: number;
  @IsOptional() @IsNumber() @Min(0) lateFloorPercent?: number;
  @IsOptional() @IsInt() @Min(0) lateGraceSeconds?: number;
  /** Absent: work that is missing is an open cell. */
  @IsOptional() @IsNumber() @Min(0) missingDeductionPercent?: number;
  /** Whom it is for; absent: everybody in the class, whenever they joined. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5000)
  @IsUUID(undefined, { each: true })
  learnerIds?: string[];
  /** Learners with a due date of their own. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5000)
  @EachSatisfies(isDueException, DUE_EXCEPTION)
  exceptions?: DueException[];
}

export const AssignmentPublished = defineEvent({
  type: 'assignments.assignment-published.v1',
  owner: 'assignments',
  consumers: ['gradebook', 'grading', 'lti'],
  data: AssignmentPublishedData,
  subject: 'assignmentId',
  summary: 'An assignment was published to a class, changed afterwards, or withdrawn.',
});
