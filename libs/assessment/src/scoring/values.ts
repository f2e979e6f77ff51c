import { storableText } from '@parlance/kernel';
import type { BaseType, Cardinality } from '../items/scoring-spec.js';
import { numericFields } from './numeric-record.js';
import { MAX_ANSWER_LENGTH, MAX_ANSWER_VALUES } from './responses.js';

/**
 * One value of a base type. A pair is its two identifiers and a point its two whole numbers, with
 * one space between; a duration is seconds; a file is the identifier of an upload.
 */
export type Atom = string | number | boolean;

/**
 * A QTI value, or null for QTI's NULL. An empty container and an empty string are NULL
 * (QTI 3.0 information model, "variable"), so `items` always holds at least one atom. A record
 * holds what was typed as its only item, and what can be told of it as `fields`.
 */
export type Value = {
  cardinality: Cardinality;
  baseType: BaseType;
  items: Atom[];
  fields?: Readonly<Record<string, Value>>;
} | null;

export function single(baseType: BaseType, item: Atom): Value {
  // A number that is not finite has no value in QTI: dividing by zero gives NULL.
  if (typeof item === 'number' && !Number.isFinite(item)) return null;
  return item === '' ? null : { cardinality: 'single', baseType, items: [item] };
}

export function container(cardinality: Cardinality, baseType: BaseType, items: Atom[]): Value {
  return items.length === 0 ? null : { cardinality, baseType, items };
}

export const TRUE: Value = { cardinality: 'single', baseType: 'boolean', items: [true] };
export const FALSE: Value = { cardinality: 'single', baseType: 'boolean', items: [false] };

export function truth(value: boolean): Value {
  return value ? TRUE : FALSE;
}

export function isNumeric(baseType: BaseType): boolean {
  return baseType === 'integer' || baseType === 'float';
}

/** The single number in a value, or null. A duration is not a number. */
export function numberIn(value: Value): number | null {
  if (value?.cardinality !== 'single' || !isNumeric(value.baseType)) return null;
  const [item] = value.items;
  return typeof item === 'number' ? item : null;
}

/** The single truth in a value; null is QTI's third truth value. */
export function truthIn(value: Value): boolean | null {
  const item = value?.cardinality === 'single' ? value.items[0] : undefined;
  return typeof item === 'boolean' ? item : null;
}

const INTEGER = /^[+-]?\d{1,15}$/;
const FLOAT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const POINT = /^([+-]?\d{1,9})\s+([+-]?\d{1,9})$/;
const SPACE = /\s/;

/** The atom a text stands for in a base type, or null when it stands for none. */
export function parseAtom(baseType: BaseType, text: string): Atom | null {
  if (text.length > MAX_ANSWER_LENGTH) return null;
  if (baseType === 'string') return storableText(text);
  const trimmed = text.trim();
  switch (baseType) {
    case 'identifier':
    case 'uri':
    case 'file':
      return trimmed === '' || SPACE.test(trimmed) ? null : trimmed;
    case 'intOrIdentifier':
      if (INTEGER.test(trimmed)) return String(Number(trimmed));
      return trimmed === '' || SPACE.test(trimmed) ? null : trimmed;
    case 'integer':
      return INTEGER.test(trimmed) ? Number(trimmed) : null;
    case 'float':
      return finiteFloat(trimmed);
    case 'duration': {
      const seconds = finiteFloat(trimmed);
      return seconds !== null && seconds >= 0 ? seconds : null;
    }
    case 'boolean':
      if (trimmed === 'true' || trimmed === '1') return true;
      return trimmed === 'false' || trimmed === '0' ? false : null;
    case 'point': {
      const [, x, y] = POINT.exec(trimmed) ?? [];
      return x === undefined ? null : `${Number(x)} ${Number(y)}`;
    }
    case 'pair':
    case 'directedPair': {
      const ends = trimmed.split(/\s+/);
      return ends.length === 2 ? ends.join(' ') : null;
    }
  }
}

function finiteFloat(text: string): number | null {
  if (text.length > 400 || !FLOAT.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/**
 * The value texts stand for in a declared type. Anything that cannot be read as that type is NULL
 * rather than an error: a learner's answer is never a reason to fail.
 */
export function parseValue(
  declared: { cardinality: Cardinality; baseType: BaseType },
  given: unknown,
): Value {
  const { cardinality, baseType } = declared;
  if (!Array.isArray(given)) {
    if (typeof given !== 'string') return null;
    if (cardinality === 'record') return recordOf(given);
    if (cardinality !== 'single') return null;
    const atom = parseAtom(baseType, given);
    return atom === null ? null : single(baseType, atom);
  }
  if (cardinality !== 'multiple' && cardinality !== 'ordered') return null;
  if (given.length > MAX_ANSWER_VALUES) return null;
  const items: Atom[] = [];
  for (const text of given as unknown[]) {
    if (typeof text !== 'string') return null;
    if (text === '') continue;
    const atom = parseAtom(baseType, text);
    if (atom === null) return null;
    if (atom !== '') items.push(atom);
  }
  return container(cardinality, baseType, items);
}

/** A typed answer of which an item wants to know more than its text (QTI, "string interaction"). */
function recordOf(given: string): Value {
  const text = parseAtom('string', given);
  if (text === null || text === '') return null;
  const { floatValue, integerValue, ...counts } = numericFields(String(text));
  const fields: Record<string, Value> = { stringValue: single('string', text) };
  fields.floatValue = floatValue === null ? null : single('float', floatValue);
  fields.integerValue = integerValue === null ? null : single('integer', integerValue);
  for (const [name, count] of Object.entries(counts)) {
    fields[name] = count === null ? null : single('integer', count);
  }
  return { cardinality: 'record', baseType: 'string', items: [text], fields };
}

/** A value in the form responses have on the wire. */
export function toWire(value: Value): string | string[] | null {
  if (value === null) return null;
  const texts = value.items.map(String);
  return isContainer(value) ? texts : (texts[0] ?? null);
}

/** A value as JSON of its own type; a record as what was typed. */
export function toJson(value: Value): Atom | Atom[] | null {
  if (value === null) return null;
  return isContainer(value) ? value.items : (value.items[0] ?? null);
}

export function isContainer(value: Value): boolean {
  return value?.cardinality === 'multiple' || value?.cardinality === 'ordered';
}

/** Whether two atoms of one base type are the same value. */
export function sameAtom(baseType: BaseType, a: Atom, b: Atom): boolean {
  return a === b || atomKey(baseType, a) === atomKey(baseType, b);
}

/**
 * A text that two atoms share exactly when they are equal. Pairs are equal whichever way round
 * they are. Strings are compared by canonical equivalence, since keyboards differ in how they
 * compose an accent, and without regard to typographic quotes and no-break spaces: phones type
 * "don\u2019t" where a key says "don't", and no English item can be about that difference.
 */
export function atomKey(baseType: BaseType, atom: Atom): string {
  if (baseType === 'string') return plainText(String(atom));
  if (baseType === 'pair') return String(atom).split(' ').toSorted().join(' ');
  return String(atom);
}

/** As `atomKey` for a string, in lower case; the locale is fixed so that I never becomes \u0131. */
export function foldCase(text: string): string {
  return plainText(text).toLocaleLowerCase('en');
}

const ASCII = /^[ -~]*$/;

/** A text with one spelling for what a reader takes as the same characters. */
export function plainText(text: string): string {
  if (ASCII.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[\u2018\u2019\u02BC\u00B4]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replaceAll('\u00A0', ' ');
}
