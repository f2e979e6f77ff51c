import { storableText } from '@parlance/kernel';
import type { Attributes } from '../domain/telemetry.js';

/**
 * Attributes that are kept. Everything else is left out, whoever sent it: bodies, tokens, names
 * and addresses must not reach the telemetry store, not even by mistake.
 */
const SPAN_KEYS = new Set([
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'db.system.name',
  'db.query.summary',
  'error.type',
  'messaging.system',
  'messaging.operation.name',
  'messaging.operation.type',
  'messaging.destination.name',
  'messaging.message.id',
  'messaging.message.conversation_id',
  'messaging.batch.message_count',
  'aws.request_id',
  'server.address',
  'server.port',
]);

/** Our own; every one of them is an id, a count, a type or an outcome. */
const OWN_PREFIX = 'app.';

const LOG_KEYS = new Set([
  'request_id',
  'institution_id',
  'institutionId',
  'person_id',
  'queue',
  'messageId',
  'receiveCount',
  'eventId',
  'type',
  'topic',
  'shard',
  'port',
  'part',
  'migrations',
  'service',
  'code',
  'fingerprint',
  'errorName',
  'errorCode',
  'why',
  'status',
]);

const MAX_VALUE = 1000;
const MAX_KEPT = 40;
const MAX_METRIC_ATTRIBUTES = 12;
const MAX_ITEMS = 20;
const MAX_STACK_LINES = 8;

export function spanAttributes(list: unknown): Attributes {
  return kept(list, (key) => SPAN_KEYS.has(key) || key.startsWith(OWN_PREFIX));
}

/** Few, and as text: each combination of them is a series of its own. */
export function metricAttributes(list: unknown): Record<string, string> {
  const shown = kept(list, (key) => SPAN_KEYS.has(key) || key.startsWith(OWN_PREFIX));
  const texts = Object.entries(shown).slice(0, MAX_METRIC_ATTRIBUTES);
  return Object.fromEntries(texts.map(([key, value]) => [key, shownText(String(value), 200)]));
}

export function logAttributes(list: unknown): Attributes {
  return { ...kept(list, (key) => LOG_KEYS.has(key)), ...errorOf(list) };
}

/** Safe to store, bounded, and without what looks like an e-mail address or a token. */
export function shownText(text: string, max = MAX_VALUE): string {
  const cut = storableText(text.length > max ? `${text.slice(0, max)}…` : text);
  const hidden = cut.includes('@')
    ? cut.replace(/[^\s"'<>()@]+@[^\s"'<>()@]+\.\w+/g, '[e-mail]')
    : cut;
  const token = /\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?|\b(Bearer|Operator|Basic) [\w.~+/=-]{8,}/g;
  return /eyJ|Bearer |Operator |Basic /.test(hidden) ? hidden.replace(token, '[token]') : hidden;
}

function kept(list: unknown, isKept: (key: string) => boolean): Attributes {
  const attributes: Attributes = {};
  if (!Array.isArray(list)) return attributes;
  let count = 0;
  for (const entry of list as { key?: unknown; value?: unknown }[]) {
    const key = entry?.key;
    if (typeof key !== 'string' || key.length > 100 || !isKept(key)) continue;
    const value = plain(entry.value);
    if (value === undefined) continue;
    attributes[storableText(key)] = value;
    if ((count += 1) === MAX_KEPT) break;
  }
  return attributes;
}

type Plain = string | number | boolean;

/** OTLP's AnyValue; 64-bit integers come as numbers or as text. */
function plain(value: unknown): Attributes[string] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const list = (value as { arrayValue?: { values?: unknown } }).arrayValue?.values;
  if (Array.isArray(list)) {
    const items = list.slice(0, MAX_ITEMS).map(scalar);
    return items.filter((item): item is Plain => item !== undefined);
  }
  return scalar(value);
}

function scalar(value: unknown): Plain | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { stringValue, boolValue, intValue, doubleValue } = value as Record<string, unknown>;
  if (typeof stringValue === 'string') return shownText(stringValue);
  if (typeof boolValue === 'boolean') return boolValue;
  const number = Number(intValue ?? doubleValue ?? Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}

/** Of a logged error: its class, code, message and the top of its stack. */
function errorOf(list: unknown): Attributes {
  if (!Array.isArray(list)) return {};
  const entries = list as { key?: unknown; value?: { stringValue?: unknown } }[];
  const text = entries.find((entry) => entry?.key === 'error')?.value?.stringValue;
  if (typeof text !== 'string') return {};
  try {
    const { name, code, message, stack } = JSON.parse(text) as Record<string, unknown>;
    const shown: Attributes = {};
    if (typeof name === 'string') shown['error.name'] = shownText(name, 100);
    if (typeof code === 'string') shown['error.code'] = shownText(code, 100);
    if (typeof message === 'string') shown['error.message'] = shownText(message, 500);
    if (typeof stack === 'string') {
      const top = stack.split('\n').slice(1, 1 + MAX_STACK_LINES);
      shown['error.stack'] = shownText(top.join('\n'), 2000);
    }
    return shown;
  } catch {
    return { 'error.message': shownText(text, 500) };
  }
}
