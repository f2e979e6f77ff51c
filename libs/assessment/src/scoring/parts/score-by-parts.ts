import { roundPoints, sumPoints } from '@parlance/kernel';
import type { PartScoring } from '../../items/part-scoring.js';
import type { PartSpec, ResponseDeclaration } from '../../items/scoring-spec.js';
import type { PartScore } from '../item-score.js';
import { copyOf, unanswered, verdictOf } from '../part-score.js';
import type { PreparedPart, PreparedResponse } from '../prepared-item.js';
import type { Responses, ResponseValue } from '../responses.js';
import { atomKey, toWire } from '../values.js';
import type { Value } from '../values.js';
import type { Variables } from '../variables.js';
import { scoreChoices, scorePairs } from './choices.js';
import { scoreDictation } from './dictation.js';
import { scoreOrder } from './order.js';
import type { PartResult } from './part-result.js';
import { scoreTyped } from './typed.js';

/**
 * How each part of an item came out that is scored part by part. The parts know nothing of each
 * other, so their order does not matter; the points of each are 0..its own, of at most six
 * decimals, and null only where a person has to look. Never throws.
 */
export function scoreEachPart(variables: Variables, responses: Responses): PartScore[] {
  return variables.item.parts.map((part) => scoreOne(part, variables, responses));
}

/** The points of an item: the sum of its parts, or null while one of them waits. */
export function pointsOfParts(parts: readonly PartScore[]): number | null {
  if (parts.some((part) => part.points === null)) return null;
  return sumPoints(parts.map((part) => part.points ?? 0));
}

function scoreOne(
  { part, expected }: PreparedPart,
  { item, responses: values }: Variables,
  responses: Responses,
): PartScore {
  const { responseId, scoring, pointsPossible } = part;
  const value = values.get(responseId) ?? null;
  const given = toWire(value);
  const said = feedbackOn(part, given);
  const scored = {
    ...{ responseId, given, expected: copyOf(expected), pointsPossible },
    ...(said.length > 0 ? { choiceFeedback: said } : {}),
  };
  const isHuman = item.spec.externalScored || part.humanScored || scoring?.kind === 'human';
  if (value === null && !(scoring?.kind === 'human' && scoring.onPaper)) {
    return { ...scored, ...unanswered(part, responses, isHuman ? null : 0) };
  }
  const waiting = { points: null, verdict: 'awaiting-review' } as const;
  if (isHuman) return { ...scored, ...waiting, rule: 'human-review' };
  const response = item.responses.get(responseId);
  if (scoring === undefined || response === undefined || value === null) {
    return { ...scored, ...waiting, rule: 'no-processing' };
  }
  const result = resultOf(scoring, response, value);
  if (result === null) return { ...scored, ...waiting, rule: 'no-key' };
  const { share, ...explained } = result;
  const possible = pointsPossible ?? 0;
  const points = roundPoints(share * possible);
  return { ...scored, points, verdict: verdictOf(points, possible), ...explained };
}

function feedbackOn({ choiceFeedback = [] }: PartSpec, given: ResponseValue) {
  const chosen = [given].flat();
  return choiceFeedback
    .filter(({ choice }) => chosen.includes(choice))
    .map(({ choice, text }) => ({ choice, text }));
}

/** Null for a part without the key it is to be compared with. */
function resultOf(
  scoring: PartScoring,
  { declaration, correct }: PreparedResponse,
  value: NonNullable<Value>,
): PartResult | null {
  const atomsOf = ({ items }: NonNullable<Value>) =>
    items.map((item) => atomKey(declaration.baseType, item));
  if (scoring.kind === 'typed') return scoreTyped(scoring, String(value.items[0]));
  if (scoring.kind === 'dictation') return scoreDictation(scoring, String(value.items[0]));
  if (correct === null) return null;
  const [key, given] = [atomsOf(correct), atomsOf(value)];
  switch (scoring.kind) {
    case 'correct':
      return scoreCorrect(declaration, key, given);
    case 'choices':
      return scoreChoices(scoring, key, given);
    case 'pairs':
      return scorePairs(scoring, key, given);
    case 'order':
      return scoreOrder(scoring, key, given);
    case 'human':
      return null;
  }
}

/** All or nothing; only an ordered answer has an order. */
function scoreCorrect(
  { cardinality }: ResponseDeclaration,
  key: readonly string[],
  given: readonly string[],
): PartResult {
  const inOrder = (list: readonly string[]) => (cardinality === 'ordered' ? list : list.toSorted());
  const isCorrect = JSON.stringify(inOrder(key)) === JSON.stringify(inOrder(given));
  return { share: Number(isCorrect), rule: 'match-correct' };
}
