import { awaitsReview, MAX_TRIES } from '@parlance/assessment';
import type { BodyNode, ItemFeedback, ScoringSpec } from '@parlance/assessment';
import { readBody } from './body.js';
import { shown } from './paths.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childrenNamed, elementsIn, identifierOf } from './xml-reading.js';

const WITHIN_BODY = new Set(['qti-feedback-block', 'qti-feedback-inline']);

/**
 * An adaptive item with its tries and what it says after one. Feedback goes with the key and not
 * with what a learner sees, for it tells the answer. Of an item that a person marks nothing could
 * be said after a try, so it is answered once.
 */
export function withTries(spec: ScoringSpec, root: XmlElement, reading: Reading): ScoringSpec {
  if (spec.adaptive !== true) return spec;
  const elements = [...outermost(root), ...childrenNamed(root, 'qti-modal-feedback')];
  if (!awaitsReview(spec)) {
    const feedback = elements.flatMap((element) => readFeedback(element, spec, reading));
    const tries = { max: MAX_TRIES, showPoints: false };
    return { ...spec, tries, ...(feedback.length === 0 ? {} : { feedback }) };
  }
  for (const { name, line } of elements) {
    reading.losses.add('feedback-left-out', `<${name}> was left out.`, line);
  }
  return spec;
}

/** Feedback within other feedback is left out: nothing here shows one by the other. */
function readFeedback(
  element: XmlElement,
  { outcomes }: ScoringSpec,
  reading: Reading,
): ItemFeedback[] {
  const { name, line } = element;
  const { losses } = reading;
  const outcomeIdentifier = identifierOf(element, 'outcome-identifier');
  if (outcomes.every((one) => one.identifier !== outcomeIdentifier)) {
    const detail = `Feedback by "${shown(outcomeIdentifier)}", which is no outcome, was left out.`;
    losses.add('feedback-left-out', detail, line);
    return [];
  }
  if (WITHIN_BODY.has(name)) {
    losses.add('feedback-moved', `<${name}> is shown after a try and not at its place.`, line);
  }
  const nodes = readBody(element, { ...reading, isAdaptive: false });
  return [
    {
      outcomeIdentifier,
      identifier: identifierOf(element),
      showHide: attribute(element, 'show-hide')?.trim() === 'hide' ? 'hide' : 'show',
      content: nodes.flatMap((node) => withoutMedia(node, line, reading)),
    },
  ];
}

function outermost(element: XmlElement): XmlElement[] {
  return elementsIn(element).flatMap((child) =>
    WITHIN_BODY.has(child.name) ? [child] : outermost(child),
  );
}

/** The files of a delivery are those a learner may fetch; feedback has none. */
function withoutMedia(node: BodyNode, line: number, reading: Reading): BodyNode[] {
  if (node.kind === 'media') {
    const detail = 'A picture or sound within feedback was left out.';
    reading.losses.add('feedback-left-out', detail, line);
    return node.media.alt === undefined ? [] : [{ kind: 'text', text: node.media.alt }];
  }
  if (node.kind !== 'element') return [node];
  return [
    { ...node, children: node.children.flatMap((child) => withoutMedia(child, line, reading)) },
  ];
}
