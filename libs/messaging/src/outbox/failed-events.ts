import type { Id } from '@parlance/kernel';

/** An event SNS refused: it waits for an operator, and the later events of its key wait behind it. */
export interface FailedEvent {
  eventId: Id;
  type: string;
  key: string;
  institutionId: Id;
  traceId: string | null;
  attempts: number;
  lastError: string | null;
  /** RFC 3339 instants. */
  createdAt: string;
  failedAt: string;
  /** Later events of the key that wait; counted up to a thousand. */
  waiting: number;
  /** The fields of the data by name, with their bytes; never what they hold. */
  dataFields: Record<string, number>;
}

/** Few rows: the index on held events serves it. An event skipped has a published_at. */
export const FAILED_EVENTS = `
SELECT f.event_id AS "eventId", f.type, f.agg_key AS key, f.institution_id AS "institutionId",
       f.trace_id AS "traceId", f.attempts, f.last_error AS "lastError",
       to_json(f.created_at) #>> '{}' AS "createdAt", to_json(f.failed_at) #>> '{}' AS "failedAt",
       (SELECT count(*)::int
          FROM (SELECT 1 FROM outbox w
                 WHERE w.shard = f.shard AND w.agg_key = f.agg_key AND w.id > f.id
                   AND w.published_at IS NULL AND w.failed_at IS NULL LIMIT 1000) AS later
       ) AS waiting,
       (SELECT coalesce(json_object_agg(d.key, octet_length(d.value::text)), '{}'::json)
          FROM jsonb_each(CASE WHEN jsonb_typeof(f.envelope -> 'data') = 'object'
                               THEN f.envelope -> 'data' ELSE '{}'::jsonb END) AS d
       ) AS "dataFields"
  FROM outbox f
 WHERE f.published_at IS NULL AND f.attempts > 0 AND f.failed_at IS NOT NULL
 ORDER BY f.id
 LIMIT $1::int`;
