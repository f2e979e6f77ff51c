import { z } from 'zod';
import type { TypedScoring } from '../items/part-scoring.js';
import { MAX_GAP_LENGTH } from '../scoring/responses.js';
import { tokensOf } from '../text/normalise.js';
import { spellingOf } from '../text/spelling.js';
import { TypedMatcher } from '../text/typed-matcher.js';
import { parsePattern } from '../text/variants.js';
import { acceptedList, rejectedList, typedOptions } from './fields.js';
import type { ItemDraft } from './item-draft.js';

export const typedFields = {
  accept: acceptedList,
  reject: rejectedList.optional(),
  ...typedOptions.shape,
};

export type TypedSource = z.output<z.ZodObject<typeof typedFields>>;
export type TypedOptions = z.output<typeof typedOptions>;

export interface TypedAnswer {
  scoring: TypedScoring;
  /** The answer shown as the key. */
  key: string;
  /** Of the longest answer, rounded up so that the width of a field tells little. */
  expectedLength: number;
}

/**
 * The scoring of one typed answer; null when its patterns are at fault. `preset` is what an item
 * type, or an item with many gaps, says for those that say nothing.
 */
export function typedAnswer(
  source: TypedSource,
  preset: TypedOptions,
  draft: ItemDraft,
  at: string,
): TypedAnswer | null {
  const scoring = scoringOf(source, preset);
  const faultsBefore = draft.faults.length;
  const variants = scoring.accepted.map(({ pattern }, index) =>
    variantsOf(pattern, draft, `${at}/accept/${index}`),
  );
  scoring.rejected.forEach(({ pattern }, index) =>
    variantsOf(pattern, draft, `${at}/reject/${index}/pattern`),
  );
  if (!scoring.accepted.some(({ share }) => share === 1)) {
    draft.fault(`${at}/accept`, 'no answer is worth all the points');
  }
  if (draft.faults.length > faultsBefore) return null;
  checkContradictions(scoring, draft, at);
  warnOfSpelling(scoring, variants.flat(), draft);
  const longest = Math.max(...variants.flat().map((one) => one.length));
  const best = scoring.accepted.findIndex(({ share }) => share === 1);
  return {
    scoring,
    key: variants[best]?.[0] ?? '',
    expectedLength: Math.ceil(longest / 5) * 5,
  };
}

function scoringOf(source: TypedSource, preset: TypedOptions): TypedScoring {
  const typos = { ...preset.typos, ...source.typos };
  return {
    kind: 'typed',
    accepted: source.accept.map((one) =>
      typeof one === 'string' ? { pattern: one, share: 1 } : one,
    ),
    rejected: source.reject ?? [],
    ignoreCase: source.ignoreCase ?? preset.ignoreCase ?? true,
    ignoreFinalPunctuation: source.ignoreFinalPunctuation ?? preset.ignoreFinalPunctuation ?? true,
    spelling: source.spelling ?? preset.spelling ?? 'any',
    contractions: source.contractions ?? preset.contractions ?? true,
    typos: {
      accept: typos.accept ?? true,
      share: typos.share ?? 1,
      contrasts: typos.contrasts ?? [],
    },
  };
}

function variantsOf(pattern: string, draft: ItemDraft, at: string): string[] {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) {
    draft.fault(at, parsed.detail);
    return [];
  }
  if (parsed.variants.some((one) => one.length > MAX_GAP_LENGTH)) {
    draft.fault(at, `stands for an answer of more than ${MAX_GAP_LENGTH} characters`);
  }
  return parsed.variants;
}

/** What is accepted cannot be rejected too, and an answer of signs alone is no answer. */
function checkContradictions(scoring: TypedScoring, draft: ItemDraft, at: string): void {
  const matcher = new TypedMatcher(scoring);
  const variantsIn = (pattern: string) => {
    const parsed = parsePattern(pattern);
    return parsed.ok ? parsed.variants : [];
  };
  scoring.accepted.forEach(({ pattern }, index) => {
    const isEmpty = variantsIn(pattern).some((one) => matcher.read(one).tokens.length === 0);
    if (isEmpty) draft.fault(`${at}/accept/${index}`, 'is empty without its final punctuation');
  });
  scoring.rejected.forEach(({ pattern }, index) => {
    const both = variantsIn(pattern).find((one) => matcher.accept(matcher.read(one)) !== null);
    if (both === undefined) return;
    draft.fault(`${at}/reject/${index}/pattern`, `"${both}" is accepted too`);
  });
}

function warnOfSpelling(
  { spelling }: TypedScoring,
  variants: readonly string[],
  draft: ItemDraft,
): void {
  if (spelling === 'any') return;
  const other = variants.flatMap(tokensOf).find((token) => {
    const own = spellingOf(token);
    return own !== null && own !== spelling;
  });
  if (other !== undefined) draft.warn(`"${other}" is not spelt as ${spelling} spells it`);
}
