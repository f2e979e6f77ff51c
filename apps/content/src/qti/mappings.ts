import type { AreaMapping, AreaShape, LookupTable, MapEntry } from '@parlance/assessment';
import type { Mapping } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, childrenNamed, decimal, decimalIn, flag } from './xml-reading.js';
import { oneOf, required } from './xml-reading.js';

/** @throws FileFault when the mapping is not one. */
export function readMapping(element: XmlElement, reading: Reading): Mapping {
  const children = childrenNamed(element, 'qti-map-entry');
  if (children.length > ITEM_LIMITS.mapEntries) {
    throw new FileFault('A mapping has too many entries.', element.line);
  }
  const mapping: Mapping = {
    entries: children.map((child) => readEntry(child, reading)),
    ...defaultAndBounds(element),
  };
  noteVariants(children, mapping.entries, reading);
  return mapping;
}

function defaultAndBounds(element: XmlElement): Omit<Mapping, 'entries'> {
  const lowerBound = decimal(element, 'lower-bound');
  const upperBound = decimal(element, 'upper-bound');
  if (lowerBound !== undefined && upperBound !== undefined && lowerBound > upperBound) {
    throw new FileFault('The lower bound of a mapping is above its upper bound.', element.line);
  }
  return {
    defaultValue: decimal(element, 'default-value') ?? 0,
    ...(lowerBound === undefined ? {} : { lowerBound }),
    ...(upperBound === undefined ? {} : { upperBound }),
  };
}

function readEntry(element: XmlElement, { policy }: Reading): MapEntry {
  const key = attribute(element, 'map-key');
  if (key === undefined) throw new FileFault('A map entry has no map-key.', element.line);
  return {
    key,
    value: decimalIn(required(element, 'mapped-value'), 'mapped-value', element.line),
    caseSensitive: flag(element, 'case-sensitive', policy.mapEntryCaseSensitive),
  };
}

/** Keys that differ in case only and carry different values: here the default decides a score. */
function noteVariants(
  elements: XmlElement[],
  entries: MapEntry[],
  { losses, policy }: Reading,
): void {
  const seen = new Map<string, MapEntry>();
  entries.forEach((entry, index) => {
    const folded = entry.key.normalize('NFC').toLocaleLowerCase('en');
    const earlier = seen.get(folded);
    if (earlier === undefined) {
      seen.set(folded, entry);
      return;
    }
    if (earlier.value === entry.value) return;
    const element = elements[index];
    const says = element !== undefined && attribute(element, 'case-sensitive') !== undefined;
    const pair = `The keys "${shown(earlier.key)}" and "${shown(entry.key)}"`;
    const matters = policy.mapEntryCaseSensitive ? 'to matter' : 'not to matter';
    if (says) {
      const detail = `${pair} carry different values; the first that fits counts.`;
      losses.add('keys-overlap', detail, element.line);
    } else {
      const detail = `${pair} carry different values and do not say whether case matters; it is taken ${matters}.`;
      losses.add('case-assumed', detail, element?.line);
    }
  });
}

/** How many coordinates each shape takes; a polygon takes any even number from 6. */
const COORDINATES: Readonly<Record<Exclude<AreaShape, 'poly'>, number>> = {
  default: 0,
  rect: 4,
  circle: 3,
  ellipse: 4,
};

export const AREA_SHAPES = ['default', 'rect', 'circle', 'ellipse', 'poly'] as const;

/** @throws FileFault when the mapping is not one. */
export function readAreaMapping(element: XmlElement): AreaMapping {
  const children = childrenNamed(element, 'qti-area-map-entry');
  if (children.length > ITEM_LIMITS.mapEntries) {
    throw new FileFault('A mapping has too many areas.', element.line);
  }
  const entries = children.map((child) => ({
    ...readArea(child),
    value: decimalIn(required(child, 'mapped-value'), 'mapped-value', child.line),
  }));
  return { entries, ...defaultAndBounds(element) };
}

/** @throws FileFault when shape and coordinates do not fit. */
export function readArea(element: XmlElement): { shape: AreaShape; coords: number[] } {
  const shape = oneOf(element, 'shape', AREA_SHAPES);
  const texts = (attribute(element, 'coords') ?? '').split(/[\s,]+/).filter((text) => text !== '');
  const isMany = texts.length > ITEM_LIMITS.coordinates;
  const coords = isMany ? [] : texts.map((text) => decimalIn(text, 'coords', element.line));
  const fits =
    shape === 'poly'
      ? coords.length >= 6 && coords.length % 2 === 0
      : coords.length === COORDINATES[shape];
  if (!fits) throw new FileFault(`The coordinates do not make a ${shape}.`, element.line);
  return { shape, coords };
}

/** @throws FileFault when an outcome has a table that is not one. */
export function readLookupTable(outcome: XmlElement): LookupTable | undefined {
  const match = childNamed(outcome, 'qti-match-table');
  const interpolation = childNamed(outcome, 'qti-interpolation-table');
  const table = match ?? interpolation;
  if (table === undefined) return undefined;
  const rows = childrenNamed(
    table,
    match === undefined ? 'qti-interpolation-table-entry' : 'qti-match-table-entry',
  );
  if (rows.length > ITEM_LIMITS.tableRows) {
    throw new FileFault('A table has too many rows.', table.line);
  }
  const given = attribute(table, 'default-value');
  const defaultValue = given === undefined ? {} : { defaultValue: given };
  const entries = rows.map((row) => ({
    source: decimalIn(required(row, 'source-value'), 'source-value', row.line),
    target: attribute(row, 'target-value') ?? '',
  }));
  if (match !== undefined) return { kind: 'match', entries, ...defaultValue };
  const bounded = entries.map((entry, index) => {
    const row = rows[index];
    return {
      ...entry,
      includeBoundary: row === undefined || flag(row, 'include-boundary', true),
    };
  });
  // The first row at or below a number decides, whatever order a tool wrote them in.
  return {
    kind: 'interpolation',
    entries: bounded.toSorted((a, b) => b.source - a.source),
    ...defaultValue,
  };
}
