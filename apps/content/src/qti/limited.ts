import type { ResponseDeclaration } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import { RAISES_OMITTED_LIMITS } from './import-policy.js';
import { shown } from './paths.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { wholeNumber } from './xml-reading.js';

/**
 * The most values an answer may hold. Many tools leave the limit out of items with more right
 * answers than the standard's default: then it is raised. A limit that is written out is meant, so
 * with a key beyond it the item contradicts itself.
 *
 * @throws FileFault when the key is beyond the limit.
 */
export function limitOf(
  element: XmlElement,
  name: 'max-choices' | 'max-associations',
  response: ResponseDeclaration,
  whenOmitted: number,
  { losses }: Reading,
): number {
  const things = name === 'max-choices' ? 'choices' : 'pairs';
  const declared = wholeNumber(element, name);
  const keyed = new Set(response.correct ?? []).size;
  if (declared !== undefined) {
    if (declared > 0 && declared < keyed) {
      throw new FileFault(
        `The key of "${shown(response.identifier)}" holds ${keyed} ${things}, ` +
          `and ${name} allows ${declared}.`,
        element.line,
      );
    }
    return declared;
  }
  const needed = Math.max(1, keyed, rightOnes(response));
  if (whenOmitted === 0 || needed <= whenOmitted || !RAISES_OMITTED_LIMITS) return whenOmitted;
  losses.add(
    'limit-raised',
    `${name} is left out, which means ${whenOmitted}; ` +
      `it was raised to ${needed}, the number of right ${things}.`,
    element.line,
  );
  return needed;
}

/** How many values a learner needs who wants all the points. */
function rightOnes({ correct, mapping, areaMapping }: ResponseDeclaration): number {
  if (correct !== undefined) return new Set(correct).size;
  const entries = mapping?.entries ?? areaMapping?.entries ?? [];
  return entries.filter((one) => one.value > 0).length;
}

/** @throws FileFault when more are asked for than can be given. */
export function leastOf(
  element: XmlElement,
  name: 'min-choices' | 'min-associations',
  most: number,
  available: number,
): number {
  const least = wholeNumber(element, name) ?? 0;
  if (least > available || (most > 0 && least > most)) {
    throw new FileFault(`${name} ${least} can never be met.`, element.line);
  }
  return least;
}
