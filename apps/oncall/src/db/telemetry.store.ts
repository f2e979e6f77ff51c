import type { Tx } from '@parlance/messaging';
import { type LogLine, type Span, SPAN_KINDS, SPAN_STATUSES } from '../domain/telemetry.js';

/** Most spans and log lines that one trace shows; a runaway loop must not take the page down. */
export const MAX_SPANS = 2000;
export const MAX_LOGS = 1000;

/** A lost second of telemetry is no harm: commits need not wait for the disk. */
export async function insertTelemetry(tx: Tx, spans: Span[], logs: LogLine[]): Promise<void> {
  await tx.query('SET LOCAL synchronous_commit = off');
  if (spans.length > 0) await insertSpans(tx, spans);
  if (logs.length > 0) await insertLogs(tx, logs);
}

/** One statement for spans and for what they link to in other traces. */
async function insertSpans(tx: Tx, spans: Span[]): Promise<void> {
  await tx.query(
    `INSERT INTO span (trace_id, span_id, parent_id, service, name, kind, status, start_at,
                       duration_us, attributes, links)
     SELECT t, s, p, v, n, k, u, to_timestamp(a / 1e6), d, j, l
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[],
                 $7::smallint[], $8::float8[], $9::bigint[], $10::jsonb[], $11::jsonb[])
       AS row (t, s, p, v, n, k, u, a, d, j, l)`,
    [
      spans.map((span) => span.traceId),
      spans.map((span) => span.spanId),
      spans.map((span) => span.parentId),
      spans.map((span) => span.service),
      spans.map((span) => span.name),
      spans.map((span) => SPAN_KINDS.indexOf(span.kind)),
      spans.map((span) => SPAN_STATUSES.indexOf(span.status)),
      spans.map((span) => span.startUs),
      spans.map((span) => span.durationUs),
      spans.map((span) => JSON.stringify(span.attributes)),
      spans.map((span) => (span.links.length > 0 ? JSON.stringify(span.links) : null)),
    ],
  );
  const pairs = spans.flatMap((span) =>
    foreignTraces(span).map((linked) => [linked, span.traceId]),
  );
  if (pairs.length === 0) return;
  await tx.query(
    `INSERT INTO span_link (linked_trace_id, trace_id)
     SELECT DISTINCT l, t FROM unnest($1::uuid[], $2::uuid[]) AS row (l, t)`,
    [pairs.map(([linked]) => linked), pairs.map(([, own]) => own)],
  );
}

function foreignTraces(span: Span): string[] {
  if (span.links.length === 0) return [];
  return span.links.map((link) => link.traceId).filter((linked) => linked !== span.traceId);
}

async function insertLogs(tx: Tx, logs: LogLine[]): Promise<void> {
  await tx.query(
    `INSERT INTO log_line (trace_id, span_id, service, at, level, message, attributes)
     SELECT t, s, v, to_timestamp(a / 1e6), l, m, j
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::text[], $6::text[],
                 $7::jsonb[]) AS row (t, s, v, a, l, m, j)`,
    [
      logs.map((log) => log.traceId),
      logs.map((log) => log.spanId),
      logs.map((log) => log.service),
      logs.map((log) => log.atUs),
      logs.map((log) => log.level),
      logs.map((log) => log.message),
      logs.map((log) => JSON.stringify(log.attributes)),
    ],
  );
}

const SPAN_COLUMNS = `replace(trace_id::text, '-', '') AS "traceId", span_id AS "spanId",
  parent_id AS "parentId", service, name, kind, status, attributes, links,
  (extract(epoch FROM start_at) * 1000000)::float8 AS "startUs",
  duration_us::float8 AS "durationUs"`;

type SpanRow = Omit<Span, 'kind' | 'status' | 'links'> & {
  kind: number;
  status: number;
  links: Span['links'] | null;
};

function spanOf(row: SpanRow): Span {
  return {
    ...row,
    kind: SPAN_KINDS[row.kind] ?? 'internal',
    status: SPAN_STATUSES[row.status] ?? 'unset',
    links: row.links ?? [],
  };
}

/** An exporter that heard no answer sends again: the same span counts once. */
function once(spans: Span[]): Span[] {
  return [...new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span])).values()];
}

export async function spansOfTraces(tx: Tx, traceIds: readonly string[]): Promise<Span[]> {
  const rows = await tx.query<SpanRow>(
    `SELECT ${SPAN_COLUMNS} FROM span WHERE trace_id = ANY ($1::uuid[])
     ORDER BY start_at LIMIT ${MAX_SPANS}`,
    [traceIds],
  );
  return once(rows.map(spanOf));
}

/** Spans of other traces that link to these: the relay's, the receivers' and the settlements'. */
export async function spansLinkedTo(tx: Tx, traceIds: readonly string[]): Promise<Span[]> {
  const linking = await tx.query<{ id: string }>(
    `SELECT DISTINCT trace_id::text AS id FROM span_link
     WHERE linked_trace_id = ANY ($1::uuid[]) AND trace_id <> ALL ($1::uuid[])
     LIMIT ${MAX_SPANS}`,
    [traceIds],
  );
  if (linking.length === 0) return [];
  const rows = await tx.query<SpanRow>(
    `SELECT ${SPAN_COLUMNS} FROM span WHERE trace_id = ANY ($1::uuid[]) AND links IS NOT NULL
     ORDER BY start_at LIMIT ${MAX_SPANS}`,
    [linking.map(({ id }) => id)],
  );
  const ours = new Set(traceIds);
  return once(rows.map(spanOf)).filter((span) => span.links.some((link) => ours.has(link.traceId)));
}

export async function logsOfTraces(tx: Tx, traceIds: readonly string[]): Promise<LogLine[]> {
  return tx.query<LogLine>(
    `SELECT replace(trace_id::text, '-', '') AS "traceId", span_id AS "spanId", service, level,
            message, attributes, (extract(epoch FROM at) * 1000000)::float8 AS "atUs"
     FROM log_line WHERE trace_id = ANY ($1::uuid[]) ORDER BY at LIMIT ${MAX_LOGS}`,
    [traceIds],
  );
}

export async function storeMiB(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ mib: number }>(
    `SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::float8 / 1048576 AS mib
     FROM pg_inherits
     WHERE inhparent IN ('span'::regclass, 'span_link'::regclass, 'log_line'::regclass)`,
  );
  return row?.mib ?? 0;
}

export async function maintainPartitions(tx: Tx, retentionDays: number): Promise<number> {
  const [row] = await tx.query<{ changed: number }>('SELECT maintain_telemetry($1) AS changed', [
    retentionDays,
  ]);
  return Number(row?.changed ?? 0);
}
