import { defineEvent, type EventDefinition, upcastFrom } from '@parlance/events';
import { IsInt, IsString, IsUUID } from 'class-validator';
import { Scored } from './fixtures.js';

/** The test event in later versions, each made of the one before. */
export class ScoreDataV2 {
  @IsUUID() scoreId: string;
  @IsInt() points: number;
  @IsInt() pointsPossible: number;
}

export class ScoreDataV3 {
  @IsUUID() scoreId: string;
  @IsInt() points: number;
  @IsInt() pointsPossible: number;
  @IsString() scale: string;
}

const about = { owner: 'grading', subject: 'scoreId', summary: 'A score for a test.' } as const;

export const ScoredV2 = defineEvent({
  ...about,
  type: 'grading.scored.v2',
  consumers: ['gradebook'],
  data: ScoreDataV2,
  upcasts: upcastFrom(Scored, ({ scoreId, points }) => ({ scoreId, points, pointsPossible: 100 })),
});

export const ScoredV3 = defineEvent({
  ...about,
  type: 'grading.scored.v3',
  consumers: ['gradebook'],
  data: ScoreDataV3,
  upcasts: upcastFrom(ScoredV2, (older) => ({ ...older, scale: 'points' })),
});

export function eventList(...events: unknown[]): readonly EventDefinition[] {
  return events as readonly EventDefinition[];
}
