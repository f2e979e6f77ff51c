import { IsNumber, IsObject, IsString, IsUUID, MaxLength, Min } from 'class-validator';
import { defineEvent } from '../define.js';

export class ScoringSpecPublishedData {
  @IsUUID() itemVersionId: string;
  @IsString() @MaxLength(64) hash: string;
  /** ScoringSpec of `@parlance/assessment`: holds the key, so grading alone consumes this event. */
  @IsObject() spec: Record<string, unknown>;
  @IsNumber() @Min(0) pointsPossible: number;
}

export const ScoringSpecPublished = defineEvent({
  type: 'content.scoring-spec-published.v1',
  owner: 'content',
  consumers: ['grading'],
  data: ScoringSpecPublishedData,
  subject: 'itemVersionId',
  summary: 'How answers to an item version are scored.',
});
