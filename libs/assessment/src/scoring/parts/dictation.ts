import type { DictationScoring } from '../../items/part-scoring.js';
import { normaliseText, tokensOf, wordsOf } from '../../text/normalise.js';
import { isOtherSpelling } from '../../text/spelling.js';
import type { AlignedWord } from '../item-score.js';
import type { PartResult } from './part-result.js';
import { withinShare } from './part-result.js';

/**
 * What was heard, written down: 1 - word error rate, never below 0. The rate is substitutions,
 * deletions and insertions of the best alignment by the number of words that were said.
 *
 * An answer of twice as many words or more has at least as many insertions as words were said, so
 * it earns nothing and is not aligned; that also bounds the work for a pasted novel.
 */
export function scoreDictation(scoring: DictationScoring, text: string): PartResult {
  const said = readWords(scoring, scoring.text);
  const written = readWords(scoring, text);
  const isTooLong = written.length >= 2 * said.length;
  const words = isTooLong ? [] : alignWords(said, written, scoring.spelling === 'any');
  const errors = words.filter(({ kind }) => kind !== 'same' && kind !== 'spelling-variety').length;
  const isVaried = words.some(({ kind }) => kind === 'spelling-variety');
  return {
    share: isTooLong ? 0 : withinShare(1 - errors / said.length),
    rule: 'aligned-words',
    ...(isVaried ? { notes: ['spelling-variety'] } : {}),
    trace: { kind: 'dictation', words },
  };
}

function readWords({ ignoreCase, ignorePunctuation }: DictationScoring, text: string): string[] {
  const plain = normaliseText(text, { ignoreCase, ignoreFinalPunctuation: ignorePunctuation });
  return ignorePunctuation ? wordsOf(plain) : tokensOf(plain);
}

/**
 * The alignment with the fewest errors (Levenshtein, over words). Of several that are equally good
 * the one that pairs words from the end is taken, so that the same answer is always explained the
 * same way.
 */
export function alignWords(
  said: readonly string[],
  written: readonly string[],
  anySpelling: boolean,
): AlignedWord[] {
  const pair = (i: number, j: number) => pairOf(said[i] ?? '', written[j] ?? '', anySpelling);
  const width = written.length + 1;
  const costs = new Uint32Array((said.length + 1) * width);
  const cost = (i: number, j: number) => costs[i * width + j] as number;
  for (let i = 0; i <= said.length; i += 1) {
    for (let j = 0; j < width; j += 1) {
      costs[i * width + j] =
        i === 0 || j === 0
          ? i + j
          : Math.min(
              cost(i - 1, j - 1) + Number(pair(i - 1, j - 1).kind === 'substitution'),
              cost(i - 1, j) + 1,
              cost(i, j - 1) + 1,
            );
    }
  }
  const words: AlignedWord[] = [];
  let [i, j] = [said.length, written.length];
  while (i > 0 || j > 0) {
    const both = i > 0 && j > 0 ? pair(i - 1, j - 1) : null;
    const paired = both === null ? Infinity : cost(i - 1, j - 1);
    if (both !== null && paired + Number(both.kind === 'substitution') === cost(i, j)) {
      words.push(both);
      [i, j] = [i - 1, j - 1];
    } else if (i > 0 && cost(i - 1, j) + 1 === cost(i, j)) {
      words.push({ kind: 'deletion', said: said[i - 1] ?? '' });
      i -= 1;
    } else {
      words.push({ kind: 'insertion', written: written[j - 1] ?? '' });
      j -= 1;
    }
  }
  return words.toReversed();
}

function pairOf(said: string, written: string, anySpelling: boolean): AlignedWord {
  if (said === written) return { kind: 'same', said, written };
  const isVariety = anySpelling && isOtherSpelling(said, written);
  return { kind: isVariety ? 'spelling-variety' : 'substitution', said, written };
}
