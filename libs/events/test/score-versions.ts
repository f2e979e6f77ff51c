import { IsInt, IsNumber, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { defineEvent, type EventDefinition, upcastFrom } from '../src/index.js';

/** One event in three versions, each made of the one before. */
export class ScoreV1 {
  @IsUUID() scoreId: string;
  @IsInt() percent: number;
}

export class ScoreV2 {
  @IsUUID() scoreId: string;
  @IsNumber() points: number;
  @IsNumber() pointsPossible: number;
}

export class ScoreV3 {
  @IsUUID() scoreId: string;
  @IsNumber() points: number;
  @IsNumber() pointsPossible: number;
  @IsString() @MaxLength(10) scale: string;
  @IsOptional() @IsString() remark?: string;
}

const about = { owner: 'grading', subject: 'scoreId', summary: 'A score for a test.' } as const;

export const ScoredV1 = defineEvent({
  ...about,
  type: 'grading.scored.v1',
  consumers: ['gradebook'],
  data: ScoreV1,
});

export const ScoredV2 = defineEvent({
  ...about,
  type: 'grading.scored.v2',
  consumers: ['gradebook'],
  data: ScoreV2,
  upcasts: upcastFrom(ScoredV1, ({ scoreId, percent }) => ({
    scoreId,
    points: percent,
    pointsPossible: 100,
  })),
});

export const ScoredV3 = defineEvent({
  ...about,
  type: 'grading.scored.v3',
  consumers: ['gradebook'],
  data: ScoreV3,
  upcasts: upcastFrom(ScoredV2, (older) => ({ ...older, scale: 'points' })),
});

export function eventList(...events: unknown[]): readonly EventDefinition[] {
  return events as readonly EventDefinition[];
}
