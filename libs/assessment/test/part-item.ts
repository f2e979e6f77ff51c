import type { PartScoring, PartScore, ResponseDeclaration, ScoringSpec } from '../src/index.js';
import { scoreItem } from '../src/index.js';

/** An item of one part worth 1, unless said otherwise. */
export function partItem(
  scoring: PartScoring,
  declared: Partial<ResponseDeclaration> = {},
  given: Partial<ScoringSpec['parts'][number]> = {},
): ScoringSpec {
  const part = { responseId: 'R1', pointsPossible: 1, humanScored: false, scoring, ...given };
  return {
    schema: 1,
    identifier: 'item',
    responses: [{ identifier: 'R1', cardinality: 'single', baseType: 'string', ...declared }],
    outcomes: [{ identifier: 'SCORE', cardinality: 'single', baseType: 'float' }],
    processing: { kind: 'parts' },
    externalScored: false,
    pointsPossible: part.pointsPossible ?? 0,
    parts: [part],
  };
}

/** How the answer to the one part of an item came out. */
export function partScore(item: ScoringSpec, answer: string | string[] | null): PartScore {
  const [part] = scoreItem(item, { R1: answer }).parts;
  if (part === undefined) throw new Error('the item has a part');
  return part;
}

export type TypedGiven = Partial<Extract<PartScoring, { kind: 'typed' }>> & { accept?: string[] };

/** A typed part with the usual tolerance. */
export function typedItem({ accept = [], ...given }: TypedGiven): ScoringSpec {
  return partItem(
    {
      kind: 'typed',
      accepted: accept.map((pattern) => ({ pattern, share: 1 })),
      rejected: [],
      ignoreCase: true,
      ignoreFinalPunctuation: true,
      spelling: 'any',
      contractions: true,
      typos: { accept: true, share: 1, contrasts: [] },
      ...given,
    },
    { correct: accept.slice(0, 1) },
  );
}
