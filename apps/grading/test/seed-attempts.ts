import { type Id, newId } from '@parlance/kernel';
import type { TransactionSource } from '@parlance/messaging';

export interface Seed {
  attempts: number;
  perAssignment: number;
  itemVersionId: Id;
  itemsPerAttempt: number;
}

const ROWS = 5000;

/**
 * Scored attempts as scoring leaves them, written in bulk and without events. Slot 1 is the item
 * version asked for, answered A or B in turn and scored with key A; the others are alike for all.
 */
export async function seedAttempts(
  database: TransactionSource,
  institutionId: Id,
  seed: Seed,
): Promise<void> {
  const others = Array.from({ length: seed.itemsPerAttempt - 1 }, () => newId());
  const at = new Date();
  for (let from = 0; from < seed.attempts; from += ROWS) {
    const rows = rowsOf(seed, Math.min(ROWS, seed.attempts - from));
    await database.inInstitution(institutionId, (tx) =>
      tx.query(SEED, [JSON.stringify(rows), seed.itemVersionId, JSON.stringify(others), at]),
    );
  }
}

function rowsOf({ perAssignment }: Seed, count: number) {
  let [assignment, clazz] = [newId(), newId()];
  return Array.from({ length: count }, (_, index) => {
    if (index % perAssignment === 0) [assignment, clazz] = [newId(), newId()];
    const response = index % 2 === 0 ? 'A' : 'B';
    return { attempt: newId(), assignment, class: clazz, learner: newId(), response };
  });
}

const SEED = `
WITH given AS MATERIALIZED (
  SELECT g.*, CASE response WHEN 'A' THEN 1 ELSE 0 END AS own,
         jsonb_array_length($3::jsonb) AS others
  FROM jsonb_to_recordset($1::jsonb)
    AS g(attempt uuid, assignment uuid, class uuid, learner uuid, response text)),
score AS (
  INSERT INTO attempt_score (institution_id, attempt_id, assignment_id, class_id, learner_id,
    attempt_number, submitted_at, version, status, auto_points, computed_points, points_possible,
    first_scored_at)
  SELECT app_institution(), attempt, assignment, class, learner, 1, $4, 1, 'final', own + others,
         own + others, 1 + others, $4 FROM given RETURNING attempt_id),
item AS (
  INSERT INTO assignment_item (institution_id, item_version_id, assignment_id)
  SELECT DISTINCT app_institution(), $2::uuid, assignment FROM given)
INSERT INTO attempt_score_version (institution_id, attempt_id, version, status, points,
  computed_points, points_possible, overridden, cause, items, scored_at)
SELECT app_institution(), attempt, 1, 'final', own + others, own + others, 1 + others, false,
       'scored', jsonb_build_array(jsonb_build_object('slot', 1, 'itemVersionId', $2::uuid,
         'responses', jsonb_build_object('RESPONSE', response), 'points', own,
         'pointsPossible', 1, 'waitsFor', 'nobody', 'parts', jsonb_build_array(jsonb_build_object(
           'responseId', 'RESPONSE', 'points', own, 'pointsPossible', 1, 'expected', 'A',
           'verdict', CASE own WHEN 1 THEN 'correct' ELSE 'incorrect' END,
           'rule', 'match-correct')))) ||
       (SELECT coalesce(jsonb_agg(jsonb_build_object('slot', n + 1, 'itemVersionId', id,
         'responses', jsonb_build_object('RESPONSE', 'A'), 'points', 1, 'pointsPossible', 1,
         'waitsFor', 'nobody', 'parts', jsonb_build_array(jsonb_build_object(
           'responseId', 'RESPONSE', 'points', 1, 'pointsPossible', 1, 'expected', 'A',
           'verdict', 'correct', 'rule', 'match-correct')))), '[]')
        FROM jsonb_array_elements_text($3::jsonb) WITH ORDINALITY AS other(id, n)), $4
FROM given JOIN score ON score.attempt_id = given.attempt`;
