import type { BodyNode, Interaction, ItemDelivery, ScoringSpec } from '@parlance/assessment';
import type { OutcomeDeclaration } from '@parlance/assessment';
import { readBody } from './body.js';
import { readOutcomes, readResponses } from './declarations.js';
import type { OutcomeReading } from './declarations.js';
import { FileFault } from './file-fault.js';
import { readInteraction } from './interactions.js';
import { partsOf, pointsPossibleOf, pricedParts, warnOfUnreachable } from './item-points.js';
import type { UnpricedSpec } from './item-points.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import { readProcessing } from './processing.js';
import type { Scope } from './expressions.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, flag, identifierOf, titleOf } from './xml-reading.js';

export interface ItemReading {
  /** Path in the package. */
  file: string;
  identifier: string;
  title: string;
  delivery: ItemDelivery;
  scoring: ScoringSpec;
  warnings: string[];
}

/** @throws FileFault when the file is no QTI 3.0 item, or one that cannot be shown or scored. */
export function readItem(file: string, root: XmlElement): ItemReading {
  refuseOthers(root);
  const warnings: string[] = [];
  const identifier = identifierOf(root);
  const title = titleOf(root, identifier);
  const responses = new Map(readResponses(root, warnings).map((one) => [one.identifier, one]));
  const outcomes = readOutcomes(root);
  const declared = withImplicit(outcomes);
  const { body, interactions } = readItemBody(root, responses, warnings);
  for (const id of responses.keys()) {
    if (!interactions.some((one) => one.responseId === id)) {
      warnings.push(`The answer "${shown(id)}" is declared but asked for nowhere.`);
    }
  }
  const scope: Scope = { responses, outcomes: new Set(declared.map((one) => one.identifier)) };
  const unpriced: UnpricedSpec = {
    schema: 1,
    identifier,
    responses: [...responses.values()],
    outcomes: declared,
    processing: readProcessing(root, scope, warnings),
    externalScored: outcomes.some(
      (one) => one.externalScored && one.declaration.identifier === 'SCORE',
    ),
    parts: partsOf(interactions),
  };
  const scoring = priced(unpriced, outcomes, warnings);
  const language = attribute(root, 'lang');
  return {
    file,
    identifier,
    title,
    delivery: {
      schema: 1,
      identifier,
      title,
      ...(language === undefined ? {} : { language: language.slice(0, 35) }),
      body,
      interactions,
    },
    scoring,
    warnings,
  };
}

function priced(
  unpriced: UnpricedSpec,
  outcomes: readonly OutcomeReading[],
  warnings: string[],
): ScoringSpec {
  const { processing, externalScored, parts } = unpriced;
  const hasEssay = parts.some((part) => part.humanScored);
  if (hasEssay && !externalScored && processing.kind !== 'none') {
    warnings.push('The item scores a written text by rules; a teacher will score it instead.');
  }
  if (!hasEssay && !externalScored && processing.kind === 'none') {
    warnings.push('The item does not say how it is scored; a teacher will score it.');
  }
  const pointsPossible = pointsPossibleOf(unpriced, outcomes, warnings);
  const whole: ScoringSpec = { ...unpriced, pointsPossible };
  const scoring = { ...whole, parts: pricedParts(whole) };
  warnOfUnreachable(scoring, warnings);
  return scoring;
}

function refuseOthers(root: XmlElement): void {
  if (root.name === 'assessmentItem' || root.name === 'questestinterop') {
    throw new FileFault('The item is of an older QTI version; only QTI 3.0 is read.', root.line);
  }
  if (root.name !== 'qti-assessment-item') {
    throw new FileFault(`The file is <${shown(root.name)}> and not a QTI 3.0 item.`, root.line);
  }
  if (flag(root, 'adaptive', false)) {
    throw new FileFault('Adaptive items are not supported.', root.line);
  }
  for (const name of ['qti-template-declaration', 'qti-template-processing']) {
    const found = childNamed(root, name);
    if (found !== undefined) {
      throw new FileFault('Items made from a template are not supported.', found.line);
    }
  }
  const stimulus = childNamed(root, 'qti-assessment-stimulus-ref');
  if (stimulus !== undefined) {
    throw new FileFault('Texts shared between items are not supported.', stimulus.line);
  }
}

/** The outcomes an item has without saying so. */
function withImplicit(outcomes: readonly OutcomeReading[]): OutcomeDeclaration[] {
  const declared = outcomes.map((one) => one.declaration);
  const has = (identifier: string) => declared.some((one) => one.identifier === identifier);
  const score: OutcomeDeclaration = {
    identifier: 'SCORE',
    cardinality: 'single',
    baseType: 'float',
    defaultValue: ['0'],
  };
  const completion: OutcomeDeclaration = {
    identifier: 'completionStatus',
    cardinality: 'single',
    baseType: 'identifier',
    defaultValue: ['unknown'],
  };
  return [...declared, ...[score, completion].filter((one) => !has(one.identifier))];
}

function readItemBody(
  root: XmlElement,
  responses: Scope['responses'],
  warnings: string[],
): { body: BodyNode[]; interactions: Interaction[] } {
  const element = childNamed(root, 'qti-item-body');
  if (element === undefined) throw new FileFault('The item has no body.', root.line);
  const interactions: Interaction[] = [];
  const body = readBody(element, warnings, (child) => {
    const interaction = readInteraction(child, responses, warnings);
    const { responseId } = interaction;
    if (interactions.some((one) => one.responseId === responseId)) {
      throw new FileFault(`The answer "${shown(responseId)}" is asked for twice.`, child.line);
    }
    interactions.push(interaction);
    if (interactions.length > ITEM_LIMITS.interactions) {
      throw new FileFault('The item asks too many questions.', child.line);
    }
    return { kind: 'interaction', responseId };
  });
  if (interactions.length === 0) {
    throw new FileFault('The item asks nothing.', element.line);
  }
  return { body, interactions };
}
