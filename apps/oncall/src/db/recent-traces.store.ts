import type { Tx } from '@parlance/messaging';

export interface RecentFilter {
  sort: 'recent' | 'slowest';
  errorsOnly: boolean;
  /** Only traces that entered this service. */
  service: string | undefined;
  minutes: number;
}

/** One line of the list of traces. */
export interface RecentTrace {
  traceId: string;
  /** What began it, e.g. `POST /api/v1/attempts/:id/submission`; unknown while it is not here. */
  name: string;
  services: string[];
  startedAt: Date;
  durationMs: number;
  spans: number;
  errors: number;
}

const MAX_TRACES = 50;
/** A trace matches by several of its spans: so many matches are looked at for one page. */
const MAX_MATCHES = 1000;

/** Requests of the last minutes. Errors are found wherever in the trace they happened. */
export async function recentTraces(tx: Tx, filter: RecentFilter): Promise<RecentTrace[]> {
  await tx.query(`SET LOCAL statement_timeout = '5s'`);
  const { sort, errorsOnly, service, minutes } = filter;
  // Without a filter only whole requests: what has no parent and was asked from outside.
  const which = errorsOnly
    ? 'status = 2'
    : service === undefined
      ? 'kind IN (1, 4) AND parent_id IS NULL'
      : 'kind IN (1, 4)';
  const order = sort === 'slowest' ? 'duration_us DESC' : 'received_at DESC';
  const rows = await tx.query<RecentTrace & { startedAt: Date }>(
    `WITH matching AS (
       SELECT trace_id, duration_us, received_at FROM span
       WHERE received_at > now() - make_interval(mins => $1) AND ${which}
         AND ($2::text IS NULL OR service = $2)
       ORDER BY ${order} LIMIT ${MAX_MATCHES}
     ), chosen AS (
       SELECT trace_id, max(duration_us) AS duration_us, max(received_at) AS received_at
       FROM matching GROUP BY trace_id ORDER BY ${order} LIMIT ${MAX_TRACES}
     )
     SELECT replace(trace_id::text, '-', '') AS "traceId",
            coalesce((array_agg(name ORDER BY (parent_id IS NULL) DESC, start_at))[1], '') AS name,
            array_agg(DISTINCT service) AS services, min(start_at) AS "startedAt",
            (extract(epoch FROM max(start_at + make_interval(secs => span.duration_us / 1e6))
                                - min(start_at)) * 1000)::float8 AS "durationMs",
            count(*)::int AS spans, (count(*) FILTER (WHERE status = 2))::int AS errors,
            max(chosen.${sort === 'slowest' ? 'duration_us' : 'received_at'}) AS rank
     FROM chosen JOIN span USING (trace_id)
     GROUP BY trace_id ORDER BY rank DESC`,
    [minutes, service ?? null],
  );
  return rows;
}

/** Services heard of in the last minutes. */
export async function servicesHeard(tx: Tx, minutes: number): Promise<string[]> {
  const rows = await tx.query<{ service: string }>(
    `SELECT DISTINCT service FROM (
       SELECT service FROM span
       WHERE received_at > now() - make_interval(mins => $1) AND kind IN (1, 4)
       ORDER BY received_at DESC LIMIT 5000
     ) AS heard ORDER BY service`,
    [minutes],
  );
  return rows.map((row) => row.service);
}
