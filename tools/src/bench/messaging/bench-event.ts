import { defineEvent, type EventDefinition, topologyOf } from '@parlance/events';
import { IsInt, IsNumber, IsString, IsUUID } from 'class-validator';
import type { BenchData } from './protocol.js';

class BenchScoredData implements BenchData {
  @IsUUID() scoreId: string;
  @IsInt() points: number;
  @IsNumber() waitMs: number;
  @IsNumber() dueAtMs: number;
  @IsString() remark: string;
}

/** The one event of the bench: grading tells the gradebook. */
export const BenchScored = defineEvent({
  type: 'grading.bench-scored.v1',
  owner: 'grading',
  consumers: ['gradebook'],
  data: BenchScoredData,
  subject: 'scoreId',
  summary: 'A score of the bench.',
});

export const BENCH_EVENTS = [BenchScored] as readonly unknown[] as readonly EventDefinition[];

export function benchTopology(prefix: string) {
  return topologyOf(BENCH_EVENTS, prefix);
}
