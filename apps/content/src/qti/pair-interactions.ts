import type { AssociableChoice, Choice, Interaction } from '@parlance/assessment';
import type { ResponseDeclaration } from '@parlance/assessment';
import { readBody } from './body.js';
import { keysIn, promptIn, readChoices, requireCardinality, requireType } from './choices.js';
import { FileFault } from './file-fault.js';
import { leastOf, limitOf } from './limited.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import { withoutChildren } from './pick-interactions.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childrenNamed, flag, identifierOf, wholeNumber } from './xml-reading.js';

const CARDINALITIES = ['single', 'multiple'];

/** Sources and targets to be paired. @throws FileFault when the key does not pair them. */
export function readMatch(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['directedPair']);
  requireCardinality(element, response, CARDINALITIES);
  const sets = childrenNamed(element, 'qti-simple-match-set');
  const [first, second] = sets;
  if (first === undefined || second === undefined || sets.length > 2) {
    throw new FileFault('A match has exactly two sets.', element.line);
  }
  const [sources, targets] = [first, second].map((set, side) =>
    associable(readChoices(set, ['qti-simple-associable-choice'], reading), response, reading, [
      side,
    ]),
  ) as [AssociableChoice[], AssociableChoice[]];
  refuseUnknownPairs(element, response, sources, targets);
  return {
    kind: 'match',
    responseId: response.identifier,
    shuffle: flag(element, 'shuffle', false),
    ...associations(element, response, reading.policy.maxAssociations, reading),
    layout: layoutOf(element),
    ...promptIn(element, reading),
    sources,
    targets,
  };
}

/** QTI 3.0's shared vocabulary tells a table apart; all else is two columns. */
function layoutOf(element: XmlElement): 'matrix' | 'columns' {
  const classes = (attribute(element, 'class') ?? '').split(/\s+/);
  return classes.includes('qti-match-tabular') ? 'matrix' : 'columns';
}

/** Choices paired with each other. @throws FileFault when the key does not pair them. */
export function readAssociate(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  requireType(element, response, ['pair']);
  requireCardinality(element, response, CARDINALITIES);
  const read = readChoices(element, ['qti-simple-associable-choice'], reading);
  const choices = associable(read, response, reading, [0, 1]);
  refuseUnknownPairs(element, response, choices, choices);
  return {
    kind: 'associate',
    responseId: response.identifier,
    shuffle: flag(element, 'shuffle', false),
    ...associations(element, response, reading.policy.maxAssociations, reading),
    ...promptIn(element, reading),
    choices,
  };
}

const GAP_CHOICES = ['qti-gap-text', 'qti-gap-img'];

/** Words put into the gaps of a text. @throws FileFault when the key does not pair them. */
export function readGapMatch(
  element: XmlElement,
  response: ResponseDeclaration,
  reading: Reading,
): Interaction {
  const { identifier: responseId } = response;
  requireType(element, response, ['directedPair']);
  requireCardinality(element, response, CARDINALITIES);
  const read = readChoices(element, GAP_CHOICES, reading);
  const choices = associable(read, response, reading, [0]);
  const gaps: { id: string; required: boolean }[] = [];
  const content = readBody(withoutChildren(element, ['qti-prompt', ...GAP_CHOICES]), reading, {
    gap: (child) => {
      const id = identifierOf(child);
      if (gaps.some((gap) => gap.id === id)) {
        throw new FileFault('Two gaps have the same identifier.', child.line);
      }
      gaps.push({ id, required: flag(child, 'required', false) });
      return { kind: 'gap', responseId, gapId: id };
    },
  });
  if (gaps.length === 0) throw new FileFault('There is no gap to fill.', element.line);
  if (gaps.length > ITEM_LIMITS.choices) throw new FileFault('Too many gaps.', element.line);
  refuseUnknownPairs(element, response, choices, gaps);
  return {
    kind: 'gap-match',
    responseId,
    shuffle: flag(element, 'shuffle', false),
    ...associations(element, response, reading.policy.maxGapMatches, reading),
    ...promptIn(element, reading),
    choices,
    gaps,
    content,
  };
}

function associations(
  element: XmlElement,
  response: ResponseDeclaration,
  whenOmitted: number,
  reading: Reading,
): { minAssociations: number; maxAssociations: number } {
  const isSingle = response.cardinality === 'single';
  const maxAssociations = isSingle
    ? 1
    : limitOf(element, 'max-associations', response, whenOmitted, reading);
  const minAssociations = leastOf(element, 'min-associations', maxAssociations, Infinity);
  return { minAssociations, maxAssociations };
}

/**
 * Choices with how often each can be used: 1 where the item does not say and the key needs no more.
 *
 * @param sides which ends of a pair the choices are, 0 or 1.
 */
function associable(
  choices: readonly (Choice & { element: XmlElement })[],
  response: ResponseDeclaration,
  { losses }: Reading,
  sides: readonly number[],
): AssociableChoice[] {
  return choices.map(({ element, id, fixed, content }) => {
    if (attribute(element, 'match-group') !== undefined) {
      losses.add('limit-left-out', 'A match-group was left out.', element.line);
    }
    const needed = Math.max(1, usesIn(response.correct ?? [], id, sides));
    const declared = wholeNumber(element, 'match-max');
    if (declared !== undefined && declared > 0 && declared < needed) {
      throw new FileFault(
        `The key pairs "${shown(id)}" ${needed} times, and match-max allows ${declared}.`,
        element.line,
      );
    }
    if (declared === undefined && needed > 1) {
      const detail = `match-max is left out, which means 1; it was raised to ${needed}.`;
      losses.add('limit-raised', detail, element.line);
    }
    const matchMin = wholeNumber(element, 'match-min') ?? 0;
    return {
      id,
      fixed,
      content,
      matchMax: declared ?? needed,
      ...(matchMin > 0 ? { matchMin } : {}),
    };
  });
}

function usesIn(pairs: readonly string[], id: string, sides: readonly number[]): number {
  return [...new Set(pairs)]
    .map((pair) => pair.split(/\s+/))
    .filter((ends) => sides.some((side) => ends[side] === id)).length;
}

function refuseUnknownPairs(
  element: XmlElement,
  response: ResponseDeclaration,
  firsts: readonly { id: string }[],
  seconds: readonly { id: string }[],
): void {
  const [one, other] = [firsts, seconds].map((side) => new Set(side.map(({ id }) => id))) as [
    Set<string>,
    Set<string>,
  ];
  const unknown = keysIn(response).find((pair) => {
    const [from = '', to = '', ...rest] = pair.split(/\s+/);
    return rest.length > 0 || !one.has(from) || !other.has(to);
  });
  if (unknown === undefined) return;
  throw new FileFault(
    `The key of "${shown(response.identifier)}" names the pair "${shown(unknown)}", ` +
      'which cannot be made.',
    element.line,
  );
}
