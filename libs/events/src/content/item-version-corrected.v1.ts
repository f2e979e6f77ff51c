import { IsString, IsUUID, MaxLength } from 'class-validator';
import { defineEvent } from '../define.js';

export class ItemVersionCorrectedData {
  @IsUUID() itemId: string;
  @IsUUID() oldItemVersionId: string;
  @IsUUID() newItemVersionId: string;
  /** What was wrong, for whoever decides about the scores it gave. */
  @IsString() @MaxLength(2000) reason: string;
  @IsUUID() actorId: string;
}

export const ItemVersionCorrected = defineEvent({
  type: 'content.item-version-corrected.v1',
  owner: 'content',
  consumers: ['grading'],
  data: ItemVersionCorrectedData,
  subject: 'oldItemVersionId',
  summary: 'A newer item version mends a fault of this one; scores it gave may be wrong.',
});
