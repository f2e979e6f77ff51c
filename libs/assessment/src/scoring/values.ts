import { storableText } from '@parlance/kernel';
import type { BaseType, Cardinality } from '../items/scoring-spec.js';
import { MAX_ANSWER_LENGTH, MAX_ANSWER_VALUES } from './responses.js';

/** One value of a base type; a pair is its two identifiers with one space between. */
export type Atom = string | number | boolean;

/**
 * A QTI value, or null for QTI's NULL. An empty container and an empty string are NULL
 * (QTI 3.0 information model, "variable"), so `items` always holds at least one atom.
 */
export type Value = { cardinality: Cardinality; baseType: BaseType; items: Atom[] } | null;

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

/** The single number in a value, or null. */
export function numberIn(value: Value): number | null {
  const item = value?.cardinality === 'single' ? value.items[0] : undefined;
  return typeof item === 'number' ? item : null;
}

/** The single truth in a value; null is QTI's third truth value. */
export function truthIn(value: Value): boolean | null {
  const item = value?.cardinality === 'single' ? value.items[0] : undefined;
  return typeof item === 'boolean' ? item : null;
}

const INTEGER = /^[+-]?\d{1,15}$/;
const FLOAT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

/** The atom a text stands for in a base type, or null when it stands for none. */
export function parseAtom(baseType: BaseType, text: string): Atom | null {
  if (text.length > MAX_ANSWER_LENGTH) return null;
  const trimmed = text.trim();
  switch (baseType) {
    case 'string':
      return storableText(text);
    case 'identifier':
      return trimmed === '' || /\s/.test(trimmed) ? null : trimmed;
    case 'integer':
      return INTEGER.test(trimmed) ? Number(trimmed) : null;
    case 'float':
      return finiteFloat(trimmed);
    case 'boolean':
      if (trimmed === 'true' || trimmed === '1') return true;
      return trimmed === 'false' || trimmed === '0' ? false : null;
    case 'point':
    case 'duration':
    case 'file':
    case 'uri':
    case 'intOrIdentifier':
      return trimmed === '' ? null : trimmed;
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
  const isSingle = declared.cardinality === 'single';
  if (given === null || given === undefined || Array.isArray(given) === isSingle) return null;
  const texts: unknown[] = Array.isArray(given) ? given : [given];
  if (texts.length > MAX_ANSWER_VALUES) return null;
  const items: Atom[] = [];
  for (const text of texts) {
    if (typeof text !== 'string') return null;
    if (text === '') continue;
    const atom = parseAtom(declared.baseType, text);
    if (atom === null) return null;
    if (atom !== '') items.push(atom);
  }
  return container(declared.cardinality, declared.baseType, items);
}

/** A value in the form responses have on the wire. */
export function toWire(value: Value): string | string[] | null {
  if (value === null) return null;
  const texts = value.items.map(String);
  return value.cardinality === 'single' ? (texts[0] ?? null) : texts;
}

/** A value as JSON of its own type. */
export function toJson(value: Value): Atom | Atom[] | null {
  if (value === null) return null;
  return value.cardinality === 'single' ? (value.items[0] ?? null) : value.items;
}

/** Whether two atoms of one base type are the same value. */
export function sameAtom(baseType: BaseType, a: Atom, b: Atom): boolean {
  return atomKey(baseType, a) === atomKey(baseType, b);
}

/**
 * A text that two atoms share exactly when they are equal. Pairs are equal whichever way round
 * they are. Strings are compared by canonical equivalence, since keyboards differ in how they
 * compose an accent, and without regard to typographic quotes and no-break spaces: phones type
 * "don\u2019t" where a key says "don't", and no English item can be about that difference.
 */
export function atomKey(baseType: BaseType, atom: Atom): string {
  if (baseType === 'string') return comparable(String(atom));
  if (baseType === 'pair') return String(atom).split(' ').toSorted().join(' ');
  return String(atom);
}

/** As `atomKey` for a string, in lower case; the locale is fixed so that I never becomes \u0131. */
export function foldCase(text: string): string {
  return comparable(text).toLocaleLowerCase('en');
}

function comparable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u2018\u2019\u02BC\u00B4]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replaceAll('\u00A0', ' ');
}
