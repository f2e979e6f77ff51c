import {
  IsIn,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';
import { defineEvent } from '../define.js';

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
}

export const AssignmentPublished = defineEvent({
  type: 'assignments.assignment-published.v1',
  owner: 'assignments',
  consumers: ['gradebook', 'grading', 'lti'],
  data: AssignmentPublishedData,
  subject: 'assignmentId',
  summary: 'An assignment was published to a class, changed afterwards, or withdrawn.',
});
