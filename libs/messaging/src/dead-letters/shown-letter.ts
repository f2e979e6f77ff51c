import { isId } from '@parlance/kernel';
import { objectIn, type DeadLetter, type ReceivedLetter, typeOrNull } from './dead-letter.js';
import { REASON_NAMES } from './reason-attributes.js';

/** A field by its name and size. `value` only where it can be nothing but an id, a type or a time. */
export interface ShownField {
  name: string;
  bytes: number;
  value: string | null;
}

/** One letter as an engineer may see it: never what a learner or a teacher wrote. */
export interface ShownLetter {
  letter: DeadLetter;
  attributes: ShownField[];
  /** The fields of the body beside `data`; empty when the body is no JSON object. */
  envelope: ShownField[];
  /** The fields of `data`, without values. */
  data: ShownField[];
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown) =>
  isText(value) && /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(Z|[+-]\d\d:\d\d)$/.test(value);
const isTraceId = (value: unknown) => isText(value) && /^[0-9a-f]{32}$/.test(value);
const isTraceParent = (value: unknown) => isText(value) && /^[0-9a-f-]{55}$/.test(value);
const isTraceState = (value: unknown) =>
  isText(value) && /^[\w@/*-]+=[\w.:;~/+-]{1,128}$/.test(value);
const isType = (value: unknown) => typeOrNull(value) !== null;
const isWord = (value: unknown) => isText(value) && /^[\w/.-]{1,64}$/.test(value);

/** The form a value must have to be shown. A letter may be broken in any way, even on purpose. */
const ENVELOPE_FORMS: Record<string, (value: unknown) => boolean> = {
  specversion: (value) => value === '1.0',
  id: isId,
  source: isWord,
  type: isType,
  subject: isId,
  time: isTime,
  datacontenttype: (value) => value === 'application/json',
  traceparent: isTraceParent,
  tracestate: isTraceState,
  tenant: isId,
  partitionkey: isId,
  sequence: Number.isSafeInteger,
  correlationid: isTraceId,
  causationid: isId,
};

const ATTRIBUTE_FORMS: Record<string, (value: unknown) => boolean> = {
  ce_id: isId,
  ce_type: isType,
  ce_subject: isId,
  tenant: isId,
  traceparent: isTraceParent,
  tracestate: isTraceState,
  replay_id: isId,
  ...Object.fromEntries(REASON_NAMES.map((name) => [name, isWord])),
};

export function shownLetter({ letter, body, attributes }: ReceivedLetter): ShownLetter {
  const { data, ...envelope } = objectIn(body);
  const texts = Object.entries(attributes).map(
    ([name, { StringValue, BinaryValue }]) => [name, StringValue ?? BinaryValue] as const,
  );
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  return {
    letter,
    attributes: texts.map(([name, value]) => shown(name, value, ATTRIBUTE_FORMS)),
    envelope: Object.entries(envelope).map(([name, value]) => shown(name, value, ENVELOPE_FORMS)),
    data: Object.entries(isObject ? data : {}).map(([name, value]) => shown(name, value, {})),
  };
}

function shown(
  name: string,
  value: unknown,
  forms: Record<string, (value: unknown) => boolean>,
): ShownField {
  const isShown = Object.hasOwn(forms, name) && forms[name]?.(value) === true;
  return { name: nameOf(name), bytes: bytesOf(value), value: isShown ? String(value) : null };
}

/** Names come from the body as well: a text is no name. */
function nameOf(name: string): string {
  return /^[A-Za-z_][\w.-]{0,63}$/.test(name) ? name : '(unnamed)';
}

function bytesOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.byteLength;
  return Buffer.byteLength(isText(value) ? value : (JSON.stringify(value) ?? ''));
}
