import { Refusal } from '@parlance/kernel';
import {
  type LogLine,
  type Span,
  SPAN_KINDS,
  SPAN_STATUSES,
  type SpanRef,
} from '../domain/telemetry.js';
import { logAttributes, shownText, spanAttributes } from './shown-values.js';

/** What an export held: what can be kept, and how many entries cannot. */
export interface Parsed<T> {
  entries: T[];
  rejected: number;
}

export type Json = Record<string, unknown>;

const TRACE_ID = /^[0-9a-f]{32}$/i;
const SPAN_ID = /^[0-9a-f]{16}$/i;
const ALL_ZERO = /^0+$/;
const MAX_LINKS = 128;
/** Longest a span may claim to have lasted: 30 days. */
const MAX_DURATION_US = 30 * 86_400 * 1e6;

/** ExportTraceServiceRequest of OTLP/HTTP JSON. Throws a Refusal when the body is something else. */
export function parseSpans(body: unknown): Parsed<Span> {
  return parse(body, 'resourceSpans', 'scopeSpans', 'spans', spanOf);
}

/** ExportLogsServiceRequest of OTLP/HTTP JSON. Throws a Refusal when the body is something else. */
export function parseLogs(body: unknown): Parsed<LogLine> {
  return parse(body, 'resourceLogs', 'scopeLogs', 'logRecords', logOf);
}

function parse<T>(
  body: unknown,
  resourcesKey: string,
  scopesKey: string,
  entriesKey: string,
  entryOf: (entry: Json, service: string) => T | undefined,
): Parsed<T> {
  const parsed: Parsed<T> = { entries: [], rejected: 0 };
  for (const resource of listIn(body, resourcesKey)) {
    const service = textIn(resource, 'service.name') ?? 'unknown';
    for (const scope of listIn(resource, scopesKey)) {
      for (const candidate of listIn(scope, entriesKey)) {
        const entry = isObject(candidate) ? entryOf(candidate, service) : undefined;
        if (entry === undefined) parsed.rejected += 1;
        else parsed.entries.push(entry);
      }
    }
  }
  if (parsed.rejected > 0 && parsed.entries.length === 0) {
    throw malformed(`None of the ${parsed.rejected} ${entriesKey} has valid ids and times.`);
  }
  return parsed;
}

function spanOf(span: Json, service: string): Span | undefined {
  const ref = refOf(span);
  const startUs = microseconds(span.startTimeUnixNano);
  const endUs = microseconds(span.endTimeUnixNano);
  const { parentSpanId, name, kind, status, links } = span;
  const isRoot = parentSpanId === undefined || parentSpanId === null || parentSpanId === '';
  const parentId = isRoot ? null : idOf(parentSpanId, SPAN_ID);
  if (ref === undefined || startUs === undefined || endUs === undefined) return undefined;
  if (parentId === undefined || typeof name !== 'string') return undefined;
  const statusCode = isObject(status) ? Number(status.code ?? 0) : 0;
  return {
    ...ref,
    parentId,
    service,
    name: shownText(name, 200),
    kind: SPAN_KINDS[Number(kind) - 1] ?? 'internal',
    startUs,
    durationUs: Math.min(Math.max(0, endUs - startUs), MAX_DURATION_US),
    status: SPAN_STATUSES[statusCode] ?? 'unset',
    attributes: spanAttributes(span.attributes),
    links: linksOf(links),
  };
}

function logOf(record: Json, service: string): LogLine | undefined {
  const atUs = microseconds(record.timeUnixNano) ?? microseconds(record.observedTimeUnixNano);
  if (atUs === undefined) return undefined;
  const body = isObject(record.body) ? record.body.stringValue : undefined;
  const level = typeof record.severityText === 'string' ? record.severityText : 'info';
  const ref = refOf(record);
  return {
    traceId: ref?.traceId ?? idOf(record.traceId, TRACE_ID) ?? null,
    spanId: ref?.spanId ?? null,
    service,
    atUs,
    level: shownText(level, 10).toLowerCase(),
    message: shownText(typeof body === 'string' ? body : ''),
    attributes: logAttributes(record.attributes),
  };
}

function linksOf(links: unknown): SpanRef[] {
  if (!Array.isArray(links)) return [];
  const refs = links.slice(0, MAX_LINKS).map((link) => (isObject(link) ? refOf(link) : undefined));
  return refs.filter((ref) => ref !== undefined);
}

function refOf(value: Json): SpanRef | undefined {
  const traceId = idOf(value.traceId, TRACE_ID);
  const spanId = idOf(value.spanId, SPAN_ID);
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

function idOf(value: unknown, form: RegExp): string | undefined {
  if (typeof value !== 'string' || !form.test(value) || ALL_ZERO.test(value)) return undefined;
  return value.toLowerCase();
}

/** OTLP gives nanoseconds as decimal text; years 2000 to 2200 are believed. */
function microseconds(nanos: unknown): number | undefined {
  if (typeof nanos !== 'string' && typeof nanos !== 'number') return undefined;
  const text = String(nanos);
  if (!/^\d{18,19}$/.test(text)) return undefined;
  const us = Number(text.slice(0, -3));
  return us > 946_684_800e6 && us < 7_258_118_400e6 ? us : undefined;
}

/** An attribute of a resource that holds text. */
export function textIn(resource: unknown, key: string): string | undefined {
  const attributes = isObject(resource) && isObject(resource.resource) ? resource.resource : {};
  const list = Array.isArray(attributes.attributes) ? (attributes.attributes as unknown[]) : [];
  for (const entry of list) {
    if (!isObject(entry) || entry.key !== key || !isObject(entry.value)) continue;
    const { stringValue } = entry.value;
    if (typeof stringValue === 'string' && stringValue !== '') return shownText(stringValue, 60);
  }
  return undefined;
}

export function listIn(value: unknown, key: string): unknown[] {
  if (!isObject(value)) throw malformed(`Expected an object with "${key}".`);
  const list = value[key] ?? [];
  if (!Array.isArray(list)) throw malformed(`"${key}" must be a list.`);
  return list;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function malformed(detail: string): Refusal {
  return new Refusal('invalid', 'malformed-otlp', `This is not an OTLP/JSON export. ${detail}`);
}
