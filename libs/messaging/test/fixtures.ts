import { randomBytes } from 'node:crypto';
import { defineEvent, type EventDefinition } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { IsInt, IsOptional, IsString, IsUUID } from 'class-validator';

/** The events of the tests: grading tells gradebook, and gradebook tells lti. */
export class ScoreData {
  @IsUUID() scoreId: string;
  @IsInt() points: number;
  @IsOptional() @IsString() remark?: string;
}

export const Scored = defineEvent({
  type: 'grading.scored.v1',
  owner: 'grading',
  consumers: ['gradebook'],
  data: ScoreData,
  subject: 'scoreId',
  summary: 'A score for a test.',
});

export const CellWritten = defineEvent({
  type: 'gradebook.cell-written.v1',
  owner: 'gradebook',
  consumers: ['lti'],
  data: ScoreData,
  subject: 'scoreId',
  summary: 'A cell for a test.',
});

export const TEST_EVENTS = [
  Scored,
  CellWritten,
] as readonly unknown[] as readonly EventDefinition[];

/** Keeps one spec apart from the others in an emulator they share. */
export function uniquePrefix(): string {
  return `t${randomBytes(5).toString('hex')}`;
}

export function score(overrides: Partial<ScoreData> = {}): ScoreData {
  return { scoreId: newId(), points: 1, ...overrides };
}

/** An envelope as the producer's outbox makes it, for tests that send one themselves. */
export function envelope(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  const data = score();
  return {
    specversion: '1.0',
    id: newId(),
    source: '/grading',
    type: Scored.type,
    subject: data.scoreId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
    tenant: newId(),
    partitionkey: data.scoreId,
    sequence: 1,
    ...overrides,
  };
}

/** A UUIDv7 of some time ago. */
export function idMadeAt(ms: number): Id {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${newId().slice(15)}`;
}

export type { Id };
