import {
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';
import { defineEvent } from '../define.js';

export class TestVersionPublishedData {
  @IsUUID() testId: string;
  @IsUUID() testVersionId: string;
  @IsInt() @Min(1) versionNumber: number;
  @IsString() @MaxLength(500) title: string;
  /** TestStructure of `@parlance/assessment`: sections, selection, order, item version ids. */
  @IsObject() structure: Record<string, unknown>;
  @IsNumber() @Min(0) pointsPossible: number;
  @IsOptional() @IsInt() @Min(1) timeLimitSeconds?: number;
}

export const TestVersionPublished = defineEvent({
  type: 'content.test-version-published.v1',
  owner: 'content',
  consumers: ['assignments'],
  data: TestVersionPublishedData,
  subject: 'testVersionId',
  summary: 'An immutable test version may be assigned.',
});
