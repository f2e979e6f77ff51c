import type { AreaMapping, LookupTable, Mapping, OutcomeDeclaration } from '@parlance/assessment';
import type { ResponseDeclaration } from '@parlance/assessment';
import type { ItemWriting } from './writing.js';
import { el } from './xml-writing.js';
import type { XmlNode } from './xml-writing.js';

/** A response with its key. Case is written out for every entry, since versions differ. */
export function responseElement(response: ResponseDeclaration, { single }: ItemWriting): XmlNode {
  const { identifier, baseType, correct, mapping, areaMapping } = response;
  const cardinality = single.has(identifier) ? 'single' : response.cardinality;
  const types = { cardinality, 'base-type': cardinality === 'record' ? undefined : baseType };
  return el('qti-response-declaration', { identifier, ...types }, [
    ...(correct === undefined ? [] : [el('qti-correct-response', {}, valuesOf(correct))]),
    ...(mapping === undefined ? [] : [mappingElement(mapping)]),
    ...(areaMapping === undefined ? [] : [areaElement(areaMapping)]),
  ]);
}

function valuesOf(values: readonly string[]): XmlNode[] {
  return values.map((value) => el('qti-value', {}, [value]));
}

function boundsOf({ defaultValue, lowerBound, upperBound }: Omit<Mapping, 'entries'>) {
  return {
    'default-value': defaultValue,
    'lower-bound': lowerBound,
    'upper-bound': upperBound,
  };
}

function mappingElement(mapping: Mapping): XmlNode {
  return el(
    'qti-mapping',
    boundsOf(mapping),
    mapping.entries.map(({ key, value, caseSensitive }) => {
      const attributes = { 'map-key': key, 'mapped-value': value, 'case-sensitive': caseSensitive };
      return el('qti-map-entry', attributes);
    }),
  );
}

function areaElement(mapping: AreaMapping): XmlNode {
  return el(
    'qti-area-mapping',
    boundsOf(mapping),
    mapping.entries.map(({ shape, coords, value }) => {
      const attributes = { shape, coords: coords.join(','), 'mapped-value': value };
      return el('qti-area-map-entry', attributes);
    }),
  );
}

/** What import adds to SCORE alone. */
export interface ScoreNotes {
  normalMaximum?: number;
  isHumanScored: boolean;
}

export function outcomeElement(outcome: OutcomeDeclaration, notes: ScoreNotes | null): XmlNode {
  const { identifier, cardinality, baseType, defaultValue, lookupTable } = outcome;
  const attributes = {
    identifier,
    cardinality,
    'base-type': cardinality === 'record' ? undefined : baseType,
    'normal-maximum': notes?.normalMaximum,
    'external-scored': notes?.isHumanScored === true ? 'human' : undefined,
  };
  return el('qti-outcome-declaration', attributes, [
    ...(defaultValue === undefined ? [] : [el('qti-default-value', {}, valuesOf(defaultValue))]),
    ...(lookupTable === undefined ? [] : [tableElement(lookupTable)]),
  ]);
}

function tableElement(table: LookupTable): XmlNode {
  const attributes = { 'default-value': table.defaultValue };
  if (table.kind === 'match') {
    return el(
      'qti-match-table',
      attributes,
      table.entries.map(({ source, target }) =>
        el('qti-match-table-entry', { 'source-value': source, 'target-value': target }),
      ),
    );
  }
  return el(
    'qti-interpolation-table',
    attributes,
    table.entries.map(({ source, target, includeBoundary }) => {
      const row = { 'source-value': source, 'include-boundary': includeBoundary };
      return el('qti-interpolation-table-entry', { ...row, 'target-value': target });
    }),
  );
}
