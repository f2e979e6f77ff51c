import type { TypedScoring } from '../../items/part-scoring.js';
import type { TypedMatch } from '../../text/typed-matcher.js';
import { matcherOf } from '../../text/typed-matcher.js';
import type { DecidedBy } from '../item-score.js';
import { MAX_GAP_LENGTH } from '../responses.js';
import type { PartResult } from './part-result.js';
import { withinShare } from './part-result.js';

/**
 * A typed answer: what is accepted comes first, then what the author rejects with a word of its
 * own, and only then what may be forgiven as a slip of the fingers. Never slow: an answer too long
 * for any key is not looked at.
 */
export function scoreTyped(scoring: TypedScoring, text: string): PartResult {
  const none: PartResult = { share: 0, rule: 'no-pattern' };
  if (text.length > MAX_GAP_LENGTH) return none;
  const matcher = matcherOf(scoring);
  const answer = matcher.read(text);
  if (answer.tokens.length === 0) return none;
  const accepted = matcher.accept(answer);
  if (accepted !== null) return taken(scoring, accepted, 'accepted-pattern');
  const rejected = matcher.reject(answer);
  if (rejected !== null) {
    const { pattern = '', feedback = '' } = scoring.rejected[rejected.index] ?? {};
    return {
      share: 0,
      rule: 'rejected-pattern',
      feedback,
      trace: { kind: 'typed', pattern, variant: rejected.variant },
    };
  }
  const near = matcher.acceptWithSlip(answer);
  return near === null ? none : taken(scoring, near, 'accepted-slip');
}

function taken(scoring: TypedScoring, match: TypedMatch, rule: DecidedBy): PartResult {
  const { index, variant, share, notes } = match;
  const pattern = scoring.accepted[index]?.pattern ?? '';
  return {
    share: withinShare(share),
    rule,
    ...(notes.length > 0 ? { notes } : {}),
    trace: { kind: 'typed', pattern, variant },
  };
}
