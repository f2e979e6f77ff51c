import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsUUID, Min } from 'class-validator';
import { defineEvent } from '../define.js';
import { EachSatisfies } from '../each-satisfies.js';
import { type EventResponses, isResponses, RESPONSES } from './responses.js';

export class ItemTriedData {
  @IsUUID() tryId: string;
  @IsUUID() attemptId: string;
  @IsUUID() assignmentId: string;
  @IsInt() @Min(1) slot: number;
  /** UUID; the one the attempt is taken with. */
  @IsUUID() itemVersionId: string;
  /** All tries of the slot up to this one, first one first; their count is its number. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @EachSatisfies(isResponses, RESPONSES)
  tries: EventResponses[];
}

export const ItemTried = defineEvent({
  type: 'assignments.item-tried.v1',
  owner: 'assignments',
  consumers: ['grading'],
  data: ItemTriedData,
  subject: 'tryId',
  pii: ['tries'],
  summary: 'A learner who is still at work asks what an item says to an answer.',
});
