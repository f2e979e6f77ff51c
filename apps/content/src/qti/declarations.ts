import { BASE_TYPES } from '@parlance/assessment';
import type { MapEntry, Mapping, OutcomeDeclaration } from '@parlance/assessment';
import type { ResponseDeclaration } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, childrenNamed, decimal, decimalIn, flag } from './xml-reading.js';
import { identifierOf, oneOf, required, textIn } from './xml-reading.js';

/**
 * Whether a map entry that does not say so honours case. QTI 2.1 says nothing and engines took
 * true, the 2.2 schema says false, and tools that write 3.0 rely on either. True never marks an
 * answer right that the author may have meant to be wrong; where the choice changes a score, the
 * item carries a warning.
 */
export const MAP_ENTRY_CASE_SENSITIVE_WHEN_OMITTED = true;

const CARDINALITIES = ['single', 'multiple', 'ordered'] as const;

/** An outcome with the two facts about it that only import needs. */
export interface OutcomeReading {
  declaration: OutcomeDeclaration;
  normalMaximum?: number;
  externalScored: boolean;
  line: number;
}

/** @throws FileFault when a declaration is not one, or a key is not of its type. */
export function readResponses(item: XmlElement, warnings: string[]): ResponseDeclaration[] {
  const responses = childrenNamed(item, 'qti-response-declaration').map((element) =>
    readResponse(element, warnings),
  );
  refuseTwice(item, responses, 'response');
  return responses;
}

function readResponse(element: XmlElement, warnings: string[]): ResponseDeclaration {
  const identifier = identifierOf(element);
  const cardinality = oneOf(element, 'cardinality', CARDINALITIES);
  const baseType = oneOf(element, 'base-type', BASE_TYPES);
  if (childNamed(element, 'qti-area-mapping') !== undefined) {
    throw new FileFault('Areas of a picture are not supported.', element.line);
  }
  const declaration: ResponseDeclaration = { identifier, cardinality, baseType };
  const correct = valuesIn(element, 'qti-correct-response');
  if (correct !== undefined && correct.length > 0) {
    if (cardinality === 'single' && correct.length > 1) {
      throw new FileFault(
        `The key of ${shown(identifier)} has ${correct.length} values and takes one.`,
        element.line,
      );
    }
    // A choice can be made once, so a key that names one twice could never be matched.
    declaration.correct = cardinality === 'multiple' ? [...new Set(correct)] : correct;
  }
  const mapping = childNamed(element, 'qti-mapping');
  if (mapping !== undefined) declaration.mapping = readMapping(mapping, warnings);
  return declaration;
}

function readMapping(element: XmlElement, warnings: string[]): Mapping {
  const children = childrenNamed(element, 'qti-map-entry');
  if (children.length > ITEM_LIMITS.mapEntries) {
    throw new FileFault('A mapping has too many entries.', element.line);
  }
  const mapping: Mapping = {
    entries: children.map(readEntry),
    defaultValue: decimal(element, 'default-value') ?? 0,
  };
  const lowerBound = decimal(element, 'lower-bound');
  const upperBound = decimal(element, 'upper-bound');
  if (lowerBound !== undefined && upperBound !== undefined && lowerBound > upperBound) {
    throw new FileFault('The lower bound of a mapping is above its upper bound.', element.line);
  }
  if (lowerBound !== undefined) mapping.lowerBound = lowerBound;
  if (upperBound !== undefined) mapping.upperBound = upperBound;
  warnOfVariants(children, mapping.entries, warnings);
  return mapping;
}

function readEntry(element: XmlElement): MapEntry {
  const key = attribute(element, 'map-key');
  if (key === undefined) throw new FileFault('A map entry has no map-key.', element.line);
  return {
    key,
    value: decimalIn(required(element, 'mapped-value'), 'mapped-value', element.line),
    caseSensitive: flag(element, 'case-sensitive', MAP_ENTRY_CASE_SENSITIVE_WHEN_OMITTED),
  };
}

/** Keys that differ in case only and carry different values: here the default decides a score. */
function warnOfVariants(elements: XmlElement[], entries: MapEntry[], warnings: string[]): void {
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
    const pair = `"${shown(earlier.key)}" and "${shown(entry.key)}"`;
    const line = element?.line ?? 0;
    warnings.push(
      says
        ? `Line ${line}: the keys ${pair} carry different values; the first that fits counts.`
        : `Line ${line}: the keys ${pair} carry different values and do not say whether case ` +
            `matters; it is taken to ${MAP_ENTRY_CASE_SENSITIVE_WHEN_OMITTED ? 'matter' : 'not'}.`,
    );
  });
}

/** @throws FileFault when a declaration is not one. */
export function readOutcomes(item: XmlElement): OutcomeReading[] {
  const outcomes = childrenNamed(item, 'qti-outcome-declaration').map(readOutcome);
  refuseTwice(
    item,
    outcomes.map((one) => one.declaration),
    'outcome',
  );
  return outcomes;
}

function readOutcome(element: XmlElement): OutcomeReading {
  const declaration: OutcomeDeclaration = {
    identifier: identifierOf(element),
    cardinality: oneOf(element, 'cardinality', CARDINALITIES),
    baseType: oneOf(element, 'base-type', BASE_TYPES),
  };
  const defaultValue = valuesIn(element, 'qti-default-value');
  if (defaultValue !== undefined) declaration.defaultValue = defaultValue;
  const external = attribute(element, 'external-scored');
  const normalMaximum = decimal(element, 'normal-maximum');
  return {
    declaration,
    externalScored: external === 'human' || external === 'externalMachine',
    line: element.line,
    ...(normalMaximum === undefined ? {} : { normalMaximum }),
  };
}

function valuesIn(element: XmlElement, name: string): string[] | undefined {
  const holder = childNamed(element, name);
  if (holder === undefined) return undefined;
  const values = childrenNamed(holder, 'qti-value').map((value) => textIn(value).trim());
  if (values.length > ITEM_LIMITS.correctValues) {
    throw new FileFault('A declaration has too many values.', holder.line);
  }
  return values;
}

/** Names are unique, and there is a bound on them, since scoring looks each of them up. */
function refuseTwice(
  item: XmlElement,
  declarations: readonly { identifier: string }[],
  what: string,
): void {
  if (declarations.length > ITEM_LIMITS.declarations) {
    throw new FileFault(`There are too many ${what}s.`, item.line);
  }
  const seen = new Set<string>();
  for (const { identifier } of declarations) {
    if (seen.has(identifier)) {
      throw new FileFault(`The ${what} "${shown(identifier)}" is declared twice.`, item.line);
    }
    seen.add(identifier);
  }
}
