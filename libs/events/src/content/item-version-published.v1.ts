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

export class ItemVersionPublishedData {
  @IsUUID() itemId: string;
  @IsUUID() itemVersionId: string;
  @IsInt() @Min(1) versionNumber: number;
  /** SHA-256, hex, of the canonical JSON of delivery and scoring. */
  @IsString() @MaxLength(64) hash: string;
  @IsString() @MaxLength(500) title: string;
  /** ItemDelivery of `@parlance/assessment`: what a learner may see; never a key. */
  @IsObject() delivery: Record<string, unknown>;
  @IsNumber() @Min(0) pointsPossible: number;
  @IsOptional() @IsString() cefrLevel?: string;
}

export const ItemVersionPublished = defineEvent({
  type: 'content.item-version-published.v1',
  owner: 'content',
  consumers: ['assignments'],
  data: ItemVersionPublishedData,
  subject: 'itemVersionId',
  summary: 'An immutable item version may be delivered.',
});
