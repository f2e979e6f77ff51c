import type { BodyNode, Choice, Interaction, ResponseDeclaration } from '@parlance/assessment';
import { readBody } from './body.js';
import { FileFault } from './file-fault.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, childrenNamed, flag, identifierOf } from './xml-reading.js';
import { wholeNumber } from './xml-reading.js';

/**
 * Reads one interaction against the response it is bound to.
 *
 * @throws FileFault when the kind is not supported, or the key does not fit what can be answered.
 */
export function readInteraction(
  element: XmlElement,
  responses: ReadonlyMap<string, ResponseDeclaration>,
  warnings: string[],
): Interaction {
  const responseId = identifierOf(element, 'response-identifier');
  const response = responses.get(responseId);
  if (response === undefined) {
    throw new FileFault(`The answer "${shown(responseId)}" is not declared.`, element.line);
  }
  switch (element.name) {
    case 'qti-choice-interaction':
      return readChoice(element, response, warnings);
    case 'qti-inline-choice-interaction':
      return readInlineChoice(element, response, warnings);
    case 'qti-text-entry-interaction':
      return readTextEntry(element, response);
    case 'qti-extended-text-interaction':
      return readExtendedText(element, response, warnings);
    default:
      throw new FileFault(
        `Questions of the kind <${element.name}> are not supported.`,
        element.line,
      );
  }
}

function readChoice(
  element: XmlElement,
  response: ResponseDeclaration,
  warnings: string[],
): Interaction {
  const { identifier: responseId, cardinality } = response;
  requireType(element, response, ['identifier']);
  if (cardinality === 'ordered' || cardinality === 'record') {
    throw new FileFault('A choice whose order counts is not supported.', element.line);
  }
  const choices = readChoices(element, 'qti-simple-choice', warnings);
  refuseUnknownKeys(element, response, choices);
  const maxChoices = cardinality === 'single' ? 1 : maxChoicesOf(element, response, warnings);
  const minChoices = wholeNumber(element, 'min-choices') ?? 0;
  if (minChoices > choices.length || (maxChoices > 0 && minChoices > maxChoices)) {
    throw new FileFault(`min-choices ${minChoices} can never be met.`, element.line);
  }
  const shuffle = flag(element, 'shuffle', false);
  const prompt = promptOf(element, warnings);
  return {
    kind: 'choice',
    responseId,
    cardinality,
    shuffle,
    minChoices,
    maxChoices,
    ...(prompt === null ? {} : { prompt }),
    choices,
  };
}

/**
 * The most choices an answer may hold. QTI's default is 1, and many tools leave it out of items
 * with more right answers than that: then it is raised. A limit that is written out is meant, so
 * with a key beyond it the item contradicts itself.
 */
function maxChoicesOf(
  element: XmlElement,
  response: ResponseDeclaration,
  warnings: string[],
): number {
  const declared = wholeNumber(element, 'max-choices');
  const rightOnes = response.correct ?? response.mapping?.entries.filter((one) => one.value > 0);
  const keyed = new Set(response.correct ?? []).size;
  if (declared !== undefined) {
    if (declared > 0 && declared < keyed) {
      throw new FileFault(
        `The key of "${shown(response.identifier)}" holds ${keyed} choices, ` +
          `and max-choices allows ${declared}.`,
        element.line,
      );
    }
    return declared;
  }
  const needed = Math.max(1, rightOnes?.length ?? 1);
  if (needed > 1) {
    warnings.push(
      `Line ${element.line}: max-choices is left out, which means 1; ` +
        `it was raised to ${needed}, the number of right choices.`,
    );
  }
  return needed;
}

function readInlineChoice(
  element: XmlElement,
  response: ResponseDeclaration,
  warnings: string[],
): Interaction {
  requireType(element, response, ['identifier']);
  requireSingle(element, response);
  const choices = readChoices(element, 'qti-inline-choice', warnings);
  refuseUnknownKeys(element, response, choices);
  const shuffle = flag(element, 'shuffle', false);
  return { kind: 'inline-choice', responseId: response.identifier, shuffle, choices };
}

function readTextEntry(element: XmlElement, response: ResponseDeclaration): Interaction {
  const { baseType, identifier: responseId } = response;
  requireSingle(element, response);
  if (baseType !== 'string' && baseType !== 'integer' && baseType !== 'float') {
    throw new FileFault(`A typed answer cannot be of the type ${baseType}.`, element.line);
  }
  const expectedLength = wholeNumber(element, 'expected-length');
  return {
    kind: 'text-entry',
    responseId,
    baseType,
    ...(expectedLength === undefined ? {} : { expectedLength }),
  };
}

/** QTI hints at the length in characters and lines; a writer thinks in words. */
const CHARACTERS_PER_WORD = 6;

function readExtendedText(
  element: XmlElement,
  response: ResponseDeclaration,
  warnings: string[],
): Interaction {
  requireType(element, response, ['string']);
  requireSingle(element, response);
  const length = wholeNumber(element, 'expected-length');
  const prompt = promptOf(element, warnings);
  return {
    kind: 'extended-text',
    responseId: response.identifier,
    ...(prompt === null ? {} : { prompt }),
    ...(length === undefined ? {} : { expectedWords: Math.round(length / CHARACTERS_PER_WORD) }),
  };
}

function promptOf(element: XmlElement, warnings: string[]): BodyNode[] | null {
  const prompt = childNamed(element, 'qti-prompt');
  return prompt === undefined ? null : readBody(prompt, warnings, null);
}

function readChoices(element: XmlElement, name: string, warnings: string[]): Choice[] {
  const choices = childrenNamed(element, name).map((choice) => ({
    id: identifierOf(choice),
    fixed: flag(choice, 'fixed', false),
    content: readBody(choice, warnings, null),
  }));
  const fault = (reason: string) => new FileFault(reason, element.line);
  if (choices.length === 0) throw fault('There is nothing to choose from.');
  if (choices.length > ITEM_LIMITS.choices) throw fault('There are too many choices.');
  if (new Set(choices.map((one) => one.id)).size !== choices.length) {
    throw fault('Two choices have the same identifier.');
  }
  if (attribute(element, 'template-identifier') !== undefined) {
    throw fault('Choices that depend on a template are not supported.');
  }
  return choices;
}

function refuseUnknownKeys(
  element: XmlElement,
  response: ResponseDeclaration,
  choices: readonly Choice[],
): void {
  const ids = new Set(choices.map((choice) => choice.id));
  const keys = [
    ...(response.correct ?? []),
    ...(response.mapping?.entries ?? []).map((entry) => entry.key.trim()),
  ];
  const unknown = keys.find((key) => !ids.has(key));
  if (unknown === undefined) return;
  throw new FileFault(
    `The key of "${shown(response.identifier)}" names the choice "${shown(unknown)}", ` +
      'which does not exist.',
    element.line,
  );
}

function requireType(
  element: XmlElement,
  response: ResponseDeclaration,
  types: readonly string[],
): void {
  if (types.includes(response.baseType)) return;
  const wanted = types.join(' or ');
  throw new FileFault(
    `The answer "${shown(response.identifier)}" must be of the type ${wanted}.`,
    element.line,
  );
}

function requireSingle(element: XmlElement, response: ResponseDeclaration): void {
  if (response.cardinality === 'single') return;
  throw new FileFault(
    `The answer "${shown(response.identifier)}" must have cardinality single.`,
    element.line,
  );
}
