import type { Interaction, ResponseDeclaration } from '@parlance/assessment';
import { plainChoice, promptIn, readChoices, refuseUnknownKeys } from './choices.js';
import { requireCardinality, requireType } from './choices.js';
import { FileFault } from './file-fault.js';
import { leastOf, limitOf } from './limited.js';
import { readMedia, readSelectPoint, readSlider, readUpload } from './media-interactions.js';
import { readAssociate, readGapMatch, readMatch } from './pair-interactions.js';
import { shown } from './paths.js';
import { readHottext, readOrder } from './pick-interactions.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, flag, identifierOf, wholeNumber } from './xml-reading.js';

type Reader = (element: XmlElement, response: ResponseDeclaration, reading: Reading) => Interaction;

const READERS: Readonly<Record<string, Reader>> = {
  'qti-choice-interaction': readChoice,
  'qti-inline-choice-interaction': readInlineChoice,
  'qti-text-entry-interaction': readTextEntry,
  'qti-extended-text-interaction': readExtendedText,
  'qti-order-interaction': readOrder,
  'qti-hottext-interaction': readHottext,
  'qti-match-interaction': readMatch,
  'qti-associate-interaction': readAssociate,
  'qti-gap-match-interaction': readGapMatch,
  'qti-select-point-interaction': readSelectPoint,
  'qti-slider-interaction': readSlider,
  'qti-media-interaction': readMedia,
  'qti-upload-interaction': readUpload,
};

/** Why the other kinds of the standard are not read. */
const REFUSED: Readonly<Record<string, string>> = {
  'qti-hotspot-interaction': 'they need areas on a picture',
  'qti-graphic-order-interaction': 'they need areas on a picture',
  'qti-graphic-associate-interaction': 'they need areas on a picture',
  'qti-graphic-gap-match-interaction': 'they need areas on a picture',
  'qti-position-object-interaction': 'they need objects moved over a picture',
  'qti-drawing-interaction': 'nobody could score a drawing here',
  'qti-end-attempt-interaction': 'there are no hints within an item',
  'qti-portable-custom-interaction': 'they bring code of their own',
  'qti-custom-interaction': 'they bring code of their own',
};

/**
 * Reads one interaction against the response it is bound to.
 *
 * @throws FileFault when the kind is not supported, or the key does not fit what can be answered.
 */
export function readInteraction(
  element: XmlElement,
  responses: ReadonlyMap<string, ResponseDeclaration>,
  reading: Reading,
): Interaction {
  const read = Object.hasOwn(READERS, element.name) ? READERS[element.name] : undefined;
  if (read === undefined) {
    const reason = Object.hasOwn(REFUSED, element.name) ? `: ${REFUSED[element.name]}` : '';
    throw new FileFault(
      `Questions of the kind <${shown(element.name)}> are not supported${reason}.`,
      element.line,
    );
  }
  const responseId = identifierOf(element, 'response-identifier');
  const response = responses.get(responseId);
  if (response === undefined) {
    throw new FileFault(`The answer "${shown(responseId)}" is not declared.`, element.line);
  }
  return read(element, response, reading);
}

function readChoice(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  const { identifier: responseId, cardinality } = response;
  requireType(element, response, ['identifier']);
  if (cardinality === 'ordered' || cardinality === 'record') {
    throw new FileFault('A choice whose order counts is not supported.', element.line);
  }
  const choices = readChoices(element, ['qti-simple-choice'], reading).map(plainChoice);
  refuseUnknownKeys(element, response, choices);
  const { maxChoices: whenOmitted } = reading.policy;
  const maxChoices =
    cardinality === 'single' ? 1 : limitOf(element, 'max-choices', response, whenOmitted, reading);
  return {
    kind: 'choice',
    responseId,
    cardinality,
    shuffle: flag(element, 'shuffle', false),
    minChoices: leastOf(element, 'min-choices', maxChoices, choices.length),
    maxChoices,
    ...promptIn(element, reading),
    choices,
  };
}

function readInlineChoice(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['identifier']);
  requireCardinality(element, response, ['single']);
  const choices = readChoices(element, ['qti-inline-choice'], reading).map(plainChoice);
  refuseUnknownKeys(element, response, choices);
  const shuffle = flag(element, 'shuffle', false);
  return { kind: 'inline-choice', responseId: response.identifier, shuffle, choices };
}

function readTextEntry(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  const { baseType, identifier: responseId } = response;
  requireCardinality(element, response, ['single']);
  if (baseType !== 'string' && baseType !== 'integer' && baseType !== 'float') {
    throw new FileFault(`A typed answer cannot be of the type ${baseType}.`, element.line);
  }
  if (attribute(element, 'pattern-mask') !== undefined) {
    const detail = 'The pattern that typed answers have to fit was left out.';
    reading.losses.add('input-pattern-left-out', detail, element.line);
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
export const CHARACTERS_PER_WORD = 6;

function readExtendedText(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['string']);
  requireCardinality(element, response, ['single']);
  const length = wholeNumber(element, 'expected-length');
  return {
    kind: 'extended-text',
    responseId: response.identifier,
    ...promptIn(element, reading),
    ...(length === undefined ? {} : { expectedWords: Math.round(length / CHARACTERS_PER_WORD) }),
  };
}
