/**
 * SQL of the scoring runs of the attempt in row `alias` of attempt_score, as rows of
 * attempt_score_version. Each is looked up in the one partition its instant lies in, whatever the
 * server knows of the tables: the offset keeps it from joining all of them instead.
 */
export function runRowsOf(alias: string): string {
  return `LATERAL (
    SELECT v.version, v.items
    FROM unnest(coalesce(${alias}.run_ats, ARRAY[${alias}.first_scored_at])) AS run(at)
    CROSS JOIN LATERAL (
      SELECT version, items FROM attempt_score_version
      WHERE institution_id = ${alias}.institution_id AND attempt_id = ${alias}.attempt_id
        AND scored_at = run.at AND items IS NOT NULL OFFSET 0) AS v)`;
}

/** SQL of the items of every scoring run, oldest first, as a JSON array of arrays. */
export function runsOf(alias: string): string {
  return `(SELECT jsonb_agg(v.items ORDER BY v.version) FROM ${runRowsOf(alias)} AS v)`;
}
