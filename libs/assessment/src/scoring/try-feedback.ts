import type { BodyNode } from '../items/body.js';
import type { ItemFeedback, ScoringSpec } from '../items/scoring-spec.js';
import type { ItemScore, OutcomeJson } from './item-score.js';

/** What an author says to a learner who is still at work. */
export interface TryFeedback {
  /** The answer it is about; left out, it is about the item. */
  responseId?: string;
  content: BodyNode[];
}

/**
 * What may be said after a try: the feedback that the outcomes make visible (QTI 3.0 feedback
 * elements), the word on what was chosen, and that on a wrong answer the author has foreseen. It is
 * all the author's own, written to be read by whoever tries again; no key, rule or verdict is in it.
 *
 * @param score of the tries up to this one, by the same specification.
 */
export function feedbackOnTry(spec: ScoringSpec, score: ItemScore): TryFeedback[] {
  if (score.status === 'awaiting-review') return [];
  const said = (spec.feedback ?? [])
    .filter((feedback) => isVisible(feedback, score.outcomes))
    .map(({ content }) => ({ content }));
  const remarks = score.parts.flatMap(({ responseId, feedback, choiceFeedback = [] }) => {
    const texts = choiceFeedback.map(({ text }) => text);
    if (feedback !== undefined) texts.push(feedback);
    return texts.map((text) => ({ responseId, content: [{ kind: 'text' as const, text }] }));
  });
  return [...said, ...remarks];
}

/** An outcome without a value holds nothing, so what hides by it is shown. */
function isVisible(
  { outcomeIdentifier, identifier, showHide }: ItemFeedback,
  outcomes: Readonly<Record<string, OutcomeJson>>,
): boolean {
  const value = Object.hasOwn(outcomes, outcomeIdentifier) ? outcomes[outcomeIdentifier] : null;
  const isHeld = Array.isArray(value) ? value.includes(identifier) : value === identifier;
  return isHeld === (showHide === 'show');
}
