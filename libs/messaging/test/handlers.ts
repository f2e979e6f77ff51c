import { Controller, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@parlance/events';
import type { EventBatchContext, EventContext } from '../src/index.js';
import { Scored, type ScoreData } from './fixtures.js';

export type OnScored = (
  event: EventEnvelope<ScoreData>,
  context: EventContext,
) => Promise<unknown> | unknown;

/** A controller for the test event, written as a service would write it. */
export function onScored(work: OnScored): Type {
  @Controller()
  class OnScoredController {
    @EventPattern<string>(Scored.type)
    handle(@Payload() event: EventEnvelope<ScoreData>, @Ctx() context: EventContext) {
      return work(event, context);
    }
  }
  return OnScoredController;
}

export type OnScoredBatch = (
  events: EventEnvelope<ScoreData>[],
  context: EventBatchContext,
) => Promise<unknown>;

/** The same for a handler that takes whole batches. */
export function onScoredBatch(work: OnScoredBatch): Type {
  @Controller()
  class OnScoredController {
    @EventPattern<string>(Scored.type, { batch: true })
    handle(@Payload() events: EventEnvelope<ScoreData>[], @Ctx() context: EventBatchContext) {
      return work(events, context);
    }
  }
  return OnScoredController;
}

/** A table for effects, with a row per time that one happened. */
export const EFFECTS = [
  `CREATE TABLE effect (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     institution_id uuid NOT NULL
       DEFAULT nullif(current_setting('app.institution', true), '')::uuid,
     subject uuid NOT NULL,
     points int NOT NULL
   )`,
  `ALTER TABLE effect ENABLE ROW LEVEL SECURITY`,
  `CREATE POLICY effect_institution ON effect
     USING (institution_id = nullif(current_setting('app.institution', true), '')::uuid)`,
  `GRANT SELECT, INSERT ON effect TO :app_role`,
];

/** The effect of most tests. */
export async function writeEffect(
  event: EventEnvelope<ScoreData>,
  { tx }: EventContext,
): Promise<void> {
  await tx.query('INSERT INTO effect (subject, points) VALUES ($1, $2)', [
    event.subject,
    event.data.points,
  ]);
}
