/** Statements that write score versions: the present score and its record go together. */

export const ADD_FIRST = `
WITH score AS (
  INSERT INTO attempt_score
    (institution_id, attempt_id, assignment_id, class_id, learner_id, attempt_number,
     submitted_at, version, status, auto_points, computed_points, points_possible,
     first_scored_at, due_at, submission)
  VALUES (app_institution(), $1, $2, $3, $4, $5, $6, 1, $7, $8, $8, $9, $10, $14, $15)
  ON CONFLICT (institution_id, attempt_id) DO NOTHING
  RETURNING *),
version AS (
  INSERT INTO attempt_score_version
    (institution_id, attempt_id, version, status, points, computed_points, points_possible,
     overridden, cause, items, trace_id, scored_at)
  SELECT institution_id, attempt_id, 1, status, computed_points, computed_points,
         points_possible, false, $16::text, $11::jsonb, $12::text, first_scored_at
  FROM score),
item AS (
  INSERT INTO assignment_item (institution_id, item_version_id, assignment_id)
  SELECT DISTINCT institution_id, item_version_id, assignment_id
  FROM score, jsonb_to_recordset($11::jsonb) AS one("itemVersionId" uuid, "scoredWith" uuid),
       unnest(ARRAY["itemVersionId", "scoredWith"]) AS item_version_id
  WHERE item_version_id IS NOT NULL
  ON CONFLICT DO NOTHING),
task AS (
  INSERT INTO review_task
    (institution_id, id, attempt_id, assignment_id, class_id, slot, item_version_id,
     response_id, points_possible, round, double_threshold)
  SELECT score.institution_id, need.id, attempt_id, assignment_id, class_id, need.slot,
         need."itemVersionId", need."responseId", need."pointsPossible", need.round,
         need."doubleThreshold"
  FROM score, jsonb_to_recordset($13::jsonb) AS need(id uuid, slot integer,
    "itemVersionId" uuid, "responseId" text, "pointsPossible" numeric, round smallint,
    "doubleThreshold" numeric))
SELECT attempt_id FROM score`;

export const ADD_NEXT = `
WITH score AS (
  UPDATE attempt_score
  SET version = $2, status = $3, computed_points = $4, override_points = $5,
      override_version = $6, auto_points = $12, points_possible = $13, submitted_at = $14,
      due_at = $15, run_ats = $16, submission = $18
  WHERE attempt_id = $1
  RETURNING institution_id)
INSERT INTO attempt_score_version
  (institution_id, attempt_id, version, status, points, computed_points, points_possible,
   overridden, cause, actor_id, items, trace_id, scored_at)
SELECT institution_id, $1, $2, $3, $7::numeric, $4, $13, $5::numeric IS NOT NULL,
       $8::text, $9::uuid, $17::jsonb, $10::text, $11::timestamptz
FROM score`;

/** A next version of many scores in which nothing but what learners may see is different. */
export const BUMP = `
WITH score AS (
  UPDATE attempt_score SET version = version + 1 WHERE assignment_id = $1 RETURNING *),
kept AS (
  INSERT INTO attempt_score_version (institution_id, attempt_id, version, status, points,
    computed_points, points_possible, overridden, cause, actor_id, trace_id, scored_at)
  SELECT institution_id, attempt_id, version, status, coalesce(override_points, computed_points),
         computed_points, points_possible, override_points IS NOT NULL, $2::text, $3::uuid,
         $4::text, $5::timestamptz
  FROM score)
SELECT * FROM score ORDER BY attempt_id`;
