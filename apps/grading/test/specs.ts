import type { ScoringSpec } from '@parlance/assessment';

/** One choice worth a point. */
export function choiceSpec(key: string): ScoringSpec {
  return {
    schema: 1,
    identifier: 'choice',
    responses: [
      { identifier: 'RESPONSE', cardinality: 'single', baseType: 'identifier', correct: [key] },
    ],
    outcomes: [{ identifier: 'SCORE', cardinality: 'single', baseType: 'float' }],
    processing: { kind: 'template', name: 'match_correct', responseId: 'RESPONSE' },
    externalScored: false,
    pointsPossible: 1,
    parts: [{ responseId: 'RESPONSE', pointsPossible: 1, humanScored: false }],
  };
}

/** A text a person marks. */
export function essaySpec(pointsPossible: number): ScoringSpec {
  return {
    schema: 1,
    identifier: 'essay',
    responses: [{ identifier: 'RESPONSE', cardinality: 'single', baseType: 'string' }],
    outcomes: [{ identifier: 'SCORE', cardinality: 'single', baseType: 'float' }],
    processing: { kind: 'none' },
    externalScored: true,
    pointsPossible,
    parts: [{ responseId: 'RESPONSE', pointsPossible: null, humanScored: true }],
  };
}
