import type {
  Expression,
  ItemDelivery,
  Mapping,
  PartScoring,
  PartSpec,
} from '@parlance/assessment';
import type { ResponseDeclaration, Rule, ScoringSpec } from '@parlance/assessment';
import { roundPoints } from '@parlance/kernel';
import type { Losses } from '../losses.js';
import { ordersOf } from './accepted-orders.js';
import { choiceMapping, dictationMapping, pairMapping, typedMapping } from './part-mappings.js';

/** An item that is scored part by part, said in the words of response processing. */
export interface PartRules {
  rules: Rule[];
  /** The responses with the mappings that the rules use. */
  responses: ResponseDeclaration[];
}

/**
 * QTI scores an item as a whole: every part adds its points to SCORE. What a part's scoring does
 * beyond that is a loss, and then answers score as much as here or less, never more.
 */
export function rulesOfParts(
  { parts, responses }: ScoringSpec,
  delivery: ItemDelivery,
  losses: Losses,
): PartRules {
  const mapped = new Map(responses.map((one) => [one.identifier, one]));
  const rules = parts.flatMap((part): Rule[] => {
    const response = mapped.get(part.responseId);
    if (response === undefined || part.scoring === undefined || part.humanScored) return [];
    const mapping = mappingOf(part.scoring, part, response, { delivery, losses });
    if (mapping === null) return byMatching(part.scoring, part, response, losses);
    mapped.set(part.responseId, { ...response, mapping });
    return addition({ op: 'map-response', identifier: part.responseId }, mapping);
  });
  return { rules, responses: [...mapped.values()] };
}

function mappingOf(
  scoring: PartScoring,
  part: PartSpec,
  response: ResponseDeclaration,
  { delivery, losses }: { delivery: ItemDelivery; losses: Losses },
): Mapping | null {
  const points = part.pointsPossible ?? 0;
  switch (scoring.kind) {
    case 'choices':
      return choiceMapping(scoring, points, response, delivery);
    case 'pairs':
      return pairMapping(scoring, points, response);
    case 'typed':
      return typedMapping(scoring, points, losses);
    case 'dictation':
      return dictationMapping(scoring, points, losses);
    default:
      return null;
  }
}

/** All or nothing: the key, or another order that is just as right. */
function byMatching(
  scoring: PartScoring,
  part: PartSpec,
  { identifier, correct = [] }: ResponseDeclaration,
  losses: Losses,
): Rule[] {
  if (correct.length === 0) return [];
  const given: Expression = { op: 'variable', identifier };
  const matches = (value: Expression): Expression => ({ op: 'match', of: [given, value] });
  const others = scoring.kind === 'order' ? ordersOf(scoring, correct, losses) : [];
  const all = [
    matches({ op: 'correct', identifier }),
    ...others.map((order) => matches(orderedValue(order))),
  ];
  const [only] = all;
  const when: Expression = all.length === 1 && only !== undefined ? only : { op: 'or', of: all };
  const worth = baseValue('float', String(part.pointsPossible ?? 0));
  return [{ rule: 'condition', branches: [{ when, rules: addition(worth) }], otherwise: [] }];
}

function baseValue(baseType: 'float' | 'identifier', value: string): Expression {
  return { op: 'base-value', baseType, value };
}

function orderedValue(order: readonly string[]): Expression {
  return { op: 'ordered', of: order.map((id) => baseValue('identifier', id)) };
}

/** Adds to SCORE; shares that do not come out even are rounded as points are. */
function addition(value: Expression, mapping?: Mapping): Rule[] {
  const isEven = (mapping?.entries ?? []).every((one) => roundPoints(one.value) === one.value);
  const added: Expression = isEven
    ? value
    : { op: 'round-to', roundingMode: 'decimal-places', figures: 6, of: [value] };
  const sum: Expression = { op: 'sum', of: [{ op: 'variable', identifier: 'SCORE' }, added] };
  return [{ rule: 'set-outcome', identifier: 'SCORE', value: sum }];
}
