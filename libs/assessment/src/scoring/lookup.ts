import type { LookupTable, OutcomeDeclaration } from '../items/scoring-spec.js';
import { numberIn, parseValue } from './values.js';
import type { Value } from './values.js';

/**
 * What a number becomes by the lookup table of an outcome (QTI "lookupOutcomeValue"): in a match
 * table the target of the entry that is the number; in an interpolation table that of the first
 * entry the number lies above, or on where the entry includes its boundary. Where none fits, NULL
 * among them, it is the default, and NULL without one or without a table.
 */
export function lookedUp(declared: OutcomeDeclaration, source: Value): Value {
  const { lookupTable } = declared;
  if (lookupTable === undefined) return null;
  const number = numberIn(source);
  const target = number === null ? undefined : targetOf(lookupTable, number);
  const text = target ?? lookupTable.defaultValue;
  return text === undefined ? null : parseValue(declared, text);
}

function targetOf(table: LookupTable, number: number): string | undefined {
  if (table.kind === 'match') return table.entries.find(({ source }) => source === number)?.target;
  return table.entries.find(
    ({ source, includeBoundary }) => number > source || (includeBoundary && number === source),
  )?.target;
}
