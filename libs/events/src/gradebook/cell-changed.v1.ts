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

export class CellChangedData {
  @IsUUID() cellId: string;
  @IsUUID() assignmentId: string;
  @IsUUID() classId: string;
  @IsUUID() learnerId: string;
  @IsInt() @Min(1) cellVersion: number;
  @IsIn(['graded', 'pending-review']) status: 'graded' | 'pending-review';
  @ValidateIf((_, value) => value !== null) @IsNumber() points: number | null;
  @IsNumber() @Min(0) pointsPossible: number;
  @IsBoolean() overridden: boolean;
  @IsISO8601() submittedAt: string;
  @IsISO8601() changedAt: string;
}

export const CellChanged = defineEvent({
  type: 'gradebook.cell-changed.v1',
  owner: 'gradebook',
  consumers: ['lti'],
  data: CellChangedData,
  subject: 'cellId',
  summary: 'The grade of one learner for one assignment changed.',
});
