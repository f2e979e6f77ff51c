import type { Interaction, ResponseDeclaration } from '@parlance/assessment';
import { readBody } from './body.js';
import { plainChoice, promptIn, readChoices, refuseUnknownKeys } from './choices.js';
import { requireCardinality, requireType } from './choices.js';
import { FileFault } from './file-fault.js';
import { leastOf, limitOf } from './limited.js';
import { ITEM_LIMITS } from './limits.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, flag, identifierOf, isElement, wholeNumber } from './xml-reading.js';

/** Choices to be put in order. @throws FileFault when the key is no order of them. */
export function readOrder(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['identifier']);
  requireCardinality(element, response, ['ordered']);
  const choices = readChoices(element, ['qti-simple-choice'], reading).map(plainChoice);
  refuseUnknownKeys(element, response, choices);
  // Left out, every choice has to be placed.
  const maxChoices =
    wholeNumber(element, 'max-choices') === undefined
      ? 0
      : limitOf(element, 'max-choices', response, 0, reading);
  return {
    kind: 'order',
    responseId: response.identifier,
    shuffle: flag(element, 'shuffle', false),
    minChoices: leastOf(element, 'min-choices', maxChoices, choices.length),
    maxChoices,
    layout: attribute(element, 'orientation') === 'horizontal' ? 'words' : 'list',
    ...promptIn(element, reading),
    choices,
  };
}

/** Words to be picked in a text. @throws FileFault when the key names words that are not there. */
export function readHottext(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  const { identifier: responseId } = response;
  requireType(element, response, ['identifier']);
  requireCardinality(element, response, ['single', 'multiple']);
  const choices: { id: string }[] = [];
  const content = readBody(withoutChildren(element, ['qti-prompt']), reading, {
    hottext: (child, children) => {
      const id = identifierOf(child);
      if (choices.some((one) => one.id === id)) {
        throw new FileFault('Two choices have the same identifier.', child.line);
      }
      choices.push({ id });
      return { kind: 'hottext', responseId, id, children };
    },
  });
  if (choices.length === 0) throw new FileFault('There is nothing to choose from.', element.line);
  if (choices.length > ITEM_LIMITS.choices) {
    throw new FileFault('There are too many choices.', element.line);
  }
  refuseUnknownKeys(element, response, choices);
  const { maxPicks } = reading.policy;
  const isSingle = response.cardinality === 'single';
  const maxChoices = isSingle ? 1 : limitOf(element, 'max-choices', response, maxPicks, reading);
  return {
    kind: 'hottext',
    responseId,
    minChoices: leastOf(element, 'min-choices', maxChoices, choices.length),
    maxChoices,
    ...promptIn(element, reading),
    choices,
    content,
  };
}

/** The element with only the other children, which are what the learner reads. */
export function withoutChildren(element: XmlElement, names: readonly string[]): XmlElement {
  const children = element.children.filter((one) => !isElement(one) || !names.includes(one.name));
  return { ...element, children };
}
