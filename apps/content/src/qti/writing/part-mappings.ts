import { parsePattern } from '@parlance/assessment';
import type { ChoicesScoring, DictationScoring, ItemDelivery } from '@parlance/assessment';
import type { MapEntry, Mapping, PairsScoring, ResponseDeclaration } from '@parlance/assessment';
import type { TypedScoring } from '@parlance/assessment';
import { ITEM_LIMITS } from '../limits.js';
import type { Losses } from '../losses.js';

const exact = (key: string, value: number): MapEntry => ({ key, value, caseSensitive: true });

/** Right choices add their share, wrong ones take one away, and below 0 is 0. */
export function choiceMapping(
  scoring: ChoicesScoring,
  points: number,
  { identifier, correct = [] }: ResponseDeclaration,
  delivery: ItemDelivery,
): Mapping {
  const interaction = delivery.interactions.find((one) => one.responseId === identifier);
  const choices = interaction !== undefined && 'choices' in interaction ? interaction.choices : [];
  const right = new Set(correct);
  const wrongOnes = scoring.model === 'per-option' ? scoring.optionCount - right.size : right.size;
  const gain = points / right.size;
  const loss = wrongOnes > 0 ? points / wrongOnes : 0;
  return {
    entries: choices.map(({ id }) => exact(id, right.has(id) ? gain : -loss)),
    defaultValue: 0,
    lowerBound: 0,
    upperBound: points,
  };
}

export function pairMapping(
  { penalty }: PairsScoring,
  points: number,
  { correct = [] }: ResponseDeclaration,
): Mapping {
  const pairs = [...new Set(correct)];
  const share = points / pairs.length;
  return {
    entries: pairs.map((pair) => exact(pair, share)),
    defaultValue: penalty === 0 ? 0 : -penalty * share,
    lowerBound: 0,
    upperBound: points,
  };
}

/** What a typed answer is forgiven here and not by QTI, which compares letter by letter. */
export function typedMapping(scoring: TypedScoring, points: number, losses: Losses): Mapping {
  losses.add('typed-tolerance-left-out', toleranceOf(scoring));
  if (scoring.rejected.length > 0) {
    const detail = 'Wrong answers with a word of their own score 0 and say nothing.';
    losses.add('feedback-left-out', detail);
  }
  const entries = new Map<string, MapEntry>();
  const entryOf = (key: string, value: number) => {
    const folded = scoring.ignoreCase ? key.toLocaleLowerCase('en') : key;
    const earlier = entries.get(folded);
    if (earlier !== undefined && earlier.value >= value) return;
    entries.set(folded, { key, value, caseSensitive: !scoring.ignoreCase });
  };
  for (const { pattern, share } of scoring.accepted) {
    const parsed = parsePattern(pattern);
    for (const variant of parsed.ok ? parsed.variants : []) {
      for (const form of withEndings(variant, scoring)) entryOf(form, share * points);
    }
  }
  const all = [...entries.values()];
  if (all.length > ITEM_LIMITS.mapEntries) {
    const detail = `Of ${all.length} accepted answers, ${ITEM_LIMITS.mapEntries} were written.`;
    losses.add('variants-left-out', detail);
  }
  return { entries: all.slice(0, ITEM_LIMITS.mapEntries), defaultValue: 0 };
}

function withEndings(variant: string, scoring: TypedScoring): string[] {
  if (!scoring.ignoreFinalPunctuation) return [variant];
  const bare = variant.replace(/[ .!?]{1,20}$/, '');
  return [...new Set([variant, bare, `${bare}.`])];
}

function toleranceOf({ contractions, spelling, typos }: TypedScoring): string {
  const forgiven = [
    'spaces',
    ...(contractions ? ['contractions'] : []),
    ...(spelling === 'any' ? ['British or American spelling'] : []),
    ...(typos.accept ? ['slips of the fingers'] : []),
  ];
  return `Answers have to be typed as written: ${forgiven.join(', ')} are not forgiven.`;
}

/** QTI cannot count words that are right: the whole text or nothing. */
export function dictationMapping(
  { text, ignoreCase }: DictationScoring,
  points: number,
  losses: Losses,
): Mapping {
  const detail =
    'QTI gives points for the whole dictation, typed in one line, or none; words are not counted.';
  losses.add('dictation-left-out', detail);
  return { entries: [{ key: text, value: points, caseSensitive: !ignoreCase }], defaultValue: 0 };
}
