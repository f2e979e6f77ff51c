import type { Expression, MapEntry, Responses, ResponseDeclaration, Rule } from '../src/index.js';
import { scoreItem } from '../src/index.js';
import type { ItemScore, Processing, ScoringSpec } from '../src/index.js';

/** A response declaration with only what a test is about. */
export function response(given: Partial<ResponseDeclaration> = {}): ResponseDeclaration {
  return { identifier: 'RESPONSE', cardinality: 'single', baseType: 'identifier', ...given };
}

export function entries(values: Record<string, number>, caseSensitive = true): MapEntry[] {
  return Object.entries(values).map(([key, value]) => ({ key, value, caseSensitive }));
}

type Template = Extract<Processing, { kind: 'template' }>;

export const mapTemplate: Template = {
  kind: 'template',
  name: 'map_response',
  responseId: 'RESPONSE',
};

export const matchTemplate: Template = { ...mapTemplate, name: 'match_correct' };

/** A scoring spec whose parts are its responses. */
export function spec(
  responses: ResponseDeclaration[],
  processing: Processing,
  given: Partial<ScoringSpec> = {},
): ScoringSpec {
  return {
    schema: 1,
    identifier: 'item',
    responses,
    outcomes: [{ identifier: 'SCORE', cardinality: 'single', baseType: 'float' }],
    processing,
    externalScored: false,
    pointsPossible: 1,
    parts: responses.map(({ identifier }) => ({
      responseId: identifier,
      pointsPossible: 1,
      humanScored: false,
    })),
    ...given,
  };
}

/** The points of an item with one response. */
export function pointsFor(item: ScoringSpec, answer: Responses[string]): ItemScore['points'] {
  return scoreItem(item, { RESPONSE: answer }).points;
}

export const variable = (identifier: string): Expression => ({ op: 'variable', identifier });

export const float = (value: number): Expression => ({
  op: 'base-value',
  baseType: 'float',
  value: String(value),
});

export const text = (value: string): Expression => ({
  op: 'base-value',
  baseType: 'string',
  value,
});

export const setScore = (value: Expression): Rule => ({
  rule: 'set-outcome',
  identifier: 'SCORE',
  value,
});

/** A condition with one branch. */
export const when = (condition: Expression, ...rules: Rule[]): Rule => ({
  rule: 'condition',
  branches: [{ when: condition, rules }],
  otherwise: [],
});
