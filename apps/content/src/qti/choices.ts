import type { BodyNode, Choice, ResponseDeclaration } from '@parlance/assessment';
import { readBody } from './body.js';
import { FileFault } from './file-fault.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, elementsIn, flag, identifierOf } from './xml-reading.js';

/** What is asked, in a form that spreads into an interaction. */
export function promptIn(element: XmlElement, reading: Reading): { prompt?: BodyNode[] } {
  const prompt = childNamed(element, 'qti-prompt');
  return prompt === undefined ? {} : { prompt: readBody(prompt, reading) };
}

/** @throws FileFault when there are none, too many, or two of one name. */
export function readChoices(
  element: XmlElement,
  names: readonly string[],
  reading: Reading,
): (Choice & { element: XmlElement })[] {
  const choices = elementsIn(element)
    .filter((child) => names.includes(child.name))
    .map((choice) => {
      const about = { id: identifierOf(choice), fixed: flag(choice, 'fixed', false) };
      return { ...about, content: readBody(choice, reading), element: choice };
    });
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

export function plainChoice({ id, fixed, content }: Choice): Choice {
  return { id, fixed, content };
}

/** Everything a key names, by its correct response and its mapping. */
export function keysIn(response: ResponseDeclaration): string[] {
  return [
    ...(response.correct ?? []),
    ...(response.mapping?.entries ?? []).map((entry) => entry.key.trim()),
  ];
}

/** @throws FileFault when the key names a choice that is not there. */
export function refuseUnknownKeys(
  element: XmlElement,
  response: ResponseDeclaration,
  choices: readonly { id: string }[],
): void {
  const ids = new Set(choices.map((choice) => choice.id));
  const unknown = keysIn(response).find((key) => !ids.has(key));
  if (unknown === undefined) return;
  throw new FileFault(
    `The key of "${shown(response.identifier)}" names the choice "${shown(unknown)}", ` +
      'which does not exist.',
    element.line,
  );
}

/** @throws FileFault when the answer is of another type. */
export function requireType(
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

/** @throws FileFault when the answer is of another cardinality. */
export function requireCardinality(
  element: XmlElement,
  response: ResponseDeclaration,
  cardinalities: readonly string[],
): void {
  if (cardinalities.includes(response.cardinality)) return;
  const wanted = cardinalities.join(' or ');
  throw new FileFault(
    `The answer "${shown(response.identifier)}" must have cardinality ${wanted}.`,
    element.line,
  );
}
