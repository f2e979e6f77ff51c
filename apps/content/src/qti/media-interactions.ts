import type { Interaction, ResponseDeclaration } from '@parlance/assessment';
import { noteCaptions } from './body.js';
import { promptIn, requireCardinality, requireType } from './choices.js';
import { FileFault } from './file-fault.js';
import { leastOf, limitOf } from './limited.js';
import { mediaRef, sourceOf } from './media.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, decimalIn, elementsIn, required, wholeNumber } from './xml-reading.js';

const MIB = 1024 * 1024;

/** Largest file a learner hands in where the item does not say; QTI has no word for it. */
export const UPLOAD_BYTES = 50 * MIB;

/** Points picked on a picture. @throws FileFault when the picture or its size is missing. */
export function readSelectPoint(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['point']);
  requireCardinality(element, response, ['single', 'multiple']);
  const picture = elementsIn(element).find(({ name }) => name === 'object' || name === 'img');
  const href = picture === undefined ? undefined : sourceOf(picture);
  if (picture === undefined || href === undefined) {
    throw new FileFault('There is no picture to pick points on.', element.line);
  }
  const [width, height] = [wholeNumber(picture, 'width'), wholeNumber(picture, 'height')];
  if (width === undefined || height === undefined || width < 1 || height < 1) {
    throw new FileFault('The picture does not say its width and height.', picture.line);
  }
  const { maxPicks } = reading.policy;
  const isSingle = response.cardinality === 'single';
  const maxChoices = isSingle ? 1 : limitOf(element, 'max-choices', response, maxPicks, reading);
  const image = mediaRef(href, picture, reading);
  if (!image.mediaType.startsWith('image/')) {
    throw new FileFault('Points can be picked on pictures only.', picture.line);
  }
  return {
    kind: 'select-point',
    responseId: response.identifier,
    minChoices: leastOf(element, 'min-choices', maxChoices, Infinity),
    maxChoices,
    ...promptIn(element, reading),
    image: { ...image, width, height },
  };
}

/** A number picked on a scale. @throws FileFault when the scale is none. */
export function readSlider(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  const { baseType } = response;
  requireCardinality(element, response, ['single']);
  if (baseType !== 'integer' && baseType !== 'float') {
    throw new FileFault('A slider gives an integer or a float.', element.line);
  }
  const number = (name: string) => decimalIn(required(element, name), name, element.line);
  const [lowerBound, upperBound] = [number('lower-bound'), number('upper-bound')];
  const step = attribute(element, 'step') === undefined ? 1 : number('step');
  if (lowerBound >= upperBound || step < 0) {
    throw new FileFault('The bounds of the slider leave no choice.', element.line);
  }
  return {
    kind: 'slider',
    responseId: response.identifier,
    baseType,
    lowerBound,
    upperBound,
    // QTI's 0 means no steps, which on a scale of numbers is the finest there is.
    step: step === 0 ? (upperBound - lowerBound) / 1_000 : step,
    ...promptIn(element, reading),
  };
}

/** Something to listen to or watch. @throws FileFault when it is not in the package. */
export function readMedia(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['integer']);
  requireCardinality(element, response, ['single']);
  const names = ['audio', 'video', 'object'];
  const player = elementsIn(element).find(({ name }) => names.includes(name));
  const href = player === undefined ? undefined : sourceOf(player);
  if (player === undefined || href === undefined) {
    throw new FileFault('There is nothing to listen to or watch.', element.line);
  }
  noteCaptions(player, reading);
  const media = mediaRef(href, player, reading);
  const minPlays = wholeNumber(element, 'min-plays') ?? 0;
  const maxPlays = wholeNumber(element, 'max-plays') ?? 0;
  if (maxPlays > 0 && minPlays > maxPlays) {
    throw new FileFault(`min-plays ${minPlays} can never be met.`, element.line);
  }
  const { identifier: responseId } = response;
  return { kind: 'media', responseId, media, minPlays, maxPlays, ...promptIn(element, reading) };
}

/** A file handed in. */
export function readUpload(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['file']);
  requireCardinality(element, response, ['single']);
  const mediaTypes = (attribute(element, 'type') ?? '').split(/[\s,]+/).filter((one) => one !== '');
  return {
    kind: 'upload',
    responseId: response.identifier,
    mediaTypes: mediaTypes.slice(0, 20).map((one) => one.slice(0, 100)),
    maxBytes: UPLOAD_BYTES,
    ...promptIn(element, reading),
  };
}
