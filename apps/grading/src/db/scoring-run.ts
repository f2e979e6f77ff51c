/**
 * SQL of the scoring runs of the attempt in row `alias` of attempt_score, as rows of
 * attempt_score_version. Each is looked up in the one partition its instant lies in.
 */
export function runRowsOf(alias: string): string {
  return `LATERAL (
    SELECT v.version, v.items
    FROM unnest(coalesce(${alias}.run_ats, ARRAY[${alias}.first_scored_at])) AS run(at)
    JOIN attempt_score_version v ON v.institution_id = ${alias}.institution_id
      AND v.attempt_id = ${alias}.attempt_id AND v.scored_at = run.at
    WHERE v.items IS NOT NULL)`;
}

/** SQL of the items of every scoring run, oldest first, as a JSON array of arrays. */
export function runsOf(alias: string): string {
  return `(SELECT jsonb_agg(v.items ORDER BY v.version) FROM ${runRowsOf(alias)} AS v)`;
}
