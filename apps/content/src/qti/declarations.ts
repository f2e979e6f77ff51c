import { BASE_TYPES } from '@parlance/assessment';
import type { BaseType, Cardinality, OutcomeDeclaration } from '@parlance/assessment';
import type { ResponseDeclaration } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import { ITEM_LIMITS } from './limits.js';
import { readAreaMapping, readLookupTable, readMapping } from './mappings.js';
import { shown } from './paths.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, childrenNamed, decimal } from './xml-reading.js';
import { identifierOf, oneOf, textIn } from './xml-reading.js';

const CARDINALITIES = ['single', 'multiple', 'ordered', 'record'] as const;

/** An outcome with the two facts about it that only import needs. */
export interface OutcomeReading {
  declaration: OutcomeDeclaration;
  normalMaximum?: number;
  externalScored: boolean;
  line: number;
}

/** @throws FileFault when a declaration is not one, or a key is not of its type. */
export function readResponses(item: XmlElement, reading: Reading): ResponseDeclaration[] {
  const responses = childrenNamed(item, 'qti-response-declaration').map((element) =>
    readResponse(element, reading),
  );
  refuseTwice(item, responses, 'response');
  return responses;
}

function readResponse(element: XmlElement, reading: Reading): ResponseDeclaration {
  const identifier = identifierOf(element);
  const cardinality = oneOf(element, 'cardinality', CARDINALITIES);
  const baseType = baseTypeOf(element, cardinality);
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
  if (mapping !== undefined) declaration.mapping = readMapping(mapping, reading);
  const areas = childNamed(element, 'qti-area-mapping');
  if (areas !== undefined) declaration.areaMapping = readAreaMapping(areas);
  return declaration;
}

/** The fields of a record have types of their own. */
function baseTypeOf(element: XmlElement, cardinality: Cardinality): BaseType {
  return cardinality === 'record' ? 'string' : oneOf(element, 'base-type', BASE_TYPES);
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
  const cardinality = oneOf(element, 'cardinality', CARDINALITIES);
  const declaration: OutcomeDeclaration = {
    identifier: identifierOf(element),
    cardinality,
    baseType: baseTypeOf(element, cardinality),
  };
  const lookupTable = readLookupTable(element);
  if (lookupTable !== undefined) declaration.lookupTable = lookupTable;
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
