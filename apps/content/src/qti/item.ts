import type { BodyNode, Interaction, ItemDelivery, ScoringSpec } from '@parlance/assessment';
import type { OutcomeDeclaration, ResponseDeclaration } from '@parlance/assessment';
import { readBody } from './body.js';
import { readOutcomes, readResponses } from './declarations.js';
import type { OutcomeReading } from './declarations.js';
import type { Scope } from './expressions.js';
import { withTries } from './feedback.js';
import { FileFault } from './file-fault.js';
import { readInteraction } from './interactions.js';
import { noteUnreachable, partsOf, pointsPossibleOf, pricedParts } from './item-points.js';
import type { UnpricedSpec } from './item-points.js';
import { ITEM_LIMITS } from './limits.js';
import type { Loss } from './losses.js';
import { shown } from './paths.js';
import { readProcessing } from './processing.js';
import { NO_PARTS, startReading } from './reading.js';
import type { PackageParts, Reading } from './reading.js';
import { stimulusIn } from './stimulus.js';
import { requireRoot, type QtiVersion } from './version.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, identifierOf, titleOf } from './xml-reading.js';

export interface ItemReading {
  /** Path in the package. */
  file: string;
  version: QtiVersion;
  identifier: string;
  title: string;
  delivery: ItemDelivery;
  scoring: ScoringSpec;
  losses: Loss[];
}

/** @throws FileFault when the file is no QTI item, or one that cannot be shown or scored. */
export function readItem(
  file: string,
  document: XmlElement,
  parts: PackageParts = NO_PARTS,
): ItemReading {
  const { reading, root } = startReading(file, document, parts);
  requireRoot(root, 'qti-assessment-item', 'item');
  refuseTemplates(root);
  const identifier = identifierOf(root);
  const title = titleOf(root, identifier);
  const declared = new Map(readResponses(root, reading).map((one) => [one.identifier, one]));
  const outcomes = readOutcomes(root);
  const { body, interactions } = readItemBody(root, declared, reading);
  const responses = listed(declared, interactions);
  noteUnasked(responses, interactions, reading);
  const all = withImplicit(outcomes);
  const unpriced: UnpricedSpec = {
    schema: 1,
    identifier,
    responses: [...responses.values()],
    outcomes: all,
    processing: readProcessing(root, scopeOf(declared, responses, all), reading),
    externalScored: outcomes.some(
      (one) => one.externalScored && one.declaration.identifier === 'SCORE',
    ),
    ...(reading.isAdaptive ? { adaptive: true } : {}),
    parts: partsOf(interactions),
  };
  const language = attribute(root, 'lang');
  const stimulus = stimulusIn(root, reading);
  const scoring = withTries(priced(unpriced, outcomes, reading), root, reading);
  return {
    file,
    version: reading.version,
    identifier,
    title,
    delivery: {
      schema: 1,
      identifier,
      title,
      ...(language === undefined ? {} : { language: language.slice(0, 35) }),
      ...(stimulus === undefined ? {} : { stimulus }),
      body,
      interactions,
      ...(scoring.tries === undefined ? {} : { tries: scoring.tries.max }),
    },
    scoring,
    losses: reading.losses.list,
  };
}

/** Kinds whose answer is a list here, even if QTI lets it be a single value. */
export const LIST_KINDS: ReadonlySet<Interaction['kind']> = new Set([
  'hottext',
  'match',
  'associate',
  'gap-match',
  'select-point',
]);

/**
 * The responses as they are answered here. A single value of a kind that is answered by a list
 * becomes an ordered list of at most one, and rules that mean the value take its first: then every
 * operator sees what the item's author wrote it for.
 */
function listed(
  declared: Scope['responses'],
  interactions: readonly Interaction[],
): Map<string, ResponseDeclaration> {
  const kinds = new Map(interactions.map((one) => [one.responseId, one.kind]));
  const entries = [...declared].map(([id, response]): [string, ResponseDeclaration] => {
    const kind = kinds.get(id);
    const isListed =
      kind !== undefined && LIST_KINDS.has(kind) && response.cardinality === 'single';
    return [id, isListed ? { ...response, cardinality: 'ordered' } : response];
  });
  return new Map(entries);
}

function scopeOf(
  declared: Scope['responses'],
  responses: Scope['responses'],
  outcomes: readonly OutcomeDeclaration[],
): Scope {
  const changed = [...declared.values()].filter(
    ({ identifier, cardinality }) => responses.get(identifier)?.cardinality !== cardinality,
  );
  return {
    responses,
    outcomes: new Set(outcomes.map((one) => one.identifier)),
    listed: new Set(changed.map((one) => one.identifier)),
  };
}

function noteUnasked(
  responses: Scope['responses'],
  interactions: readonly Interaction[],
  { losses }: Reading,
): void {
  for (const id of responses.keys()) {
    if (interactions.some((one) => one.responseId === id)) continue;
    losses.add('answer-not-asked', `The answer "${shown(id)}" is declared but asked for nowhere.`);
  }
}

function priced(
  unpriced: UnpricedSpec,
  outcomes: readonly OutcomeReading[],
  { losses }: Reading,
): ScoringSpec {
  const { processing, externalScored, parts } = unpriced;
  const hasEssay = parts.some((part) => part.humanScored);
  if (hasEssay && !externalScored && processing.kind !== 'none') {
    const detail = 'The item scores a free answer by rules; a teacher will score it instead.';
    losses.add('scored-by-a-person', detail);
  }
  if (!hasEssay && !externalScored && processing.kind === 'none') {
    const detail = 'The item does not say how it is scored; a teacher will score it.';
    losses.add('scored-by-a-person', detail);
  }
  const pointsPossible = pointsPossibleOf(unpriced, outcomes, losses);
  const whole: ScoringSpec = { ...unpriced, pointsPossible };
  const scoring = { ...whole, parts: pricedParts(whole) };
  noteUnreachable(scoring, losses);
  return scoring;
}

function refuseTemplates(root: XmlElement): void {
  for (const name of ['qti-template-declaration', 'qti-template-processing']) {
    const found = childNamed(root, name);
    if (found === undefined) continue;
    throw new FileFault('Items made from a template are not supported.', found.line);
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
  reading: Reading,
): { body: BodyNode[]; interactions: Interaction[] } {
  const element = childNamed(root, 'qti-item-body');
  if (element === undefined) throw new FileFault('The item has no body.', root.line);
  const interactions: Interaction[] = [];
  const body = readBody(element, reading, {
    interaction: (child) => {
      const interaction = readInteraction(child, responses, reading);
      const { responseId } = interaction;
      if (interactions.some((one) => one.responseId === responseId)) {
        throw new FileFault(`The answer "${shown(responseId)}" is asked for twice.`, child.line);
      }
      interactions.push(interaction);
      if (interactions.length > ITEM_LIMITS.interactions) {
        throw new FileFault('The item asks too many questions.', child.line);
      }
      return { kind: 'interaction', responseId };
    },
  });
  if (interactions.every((one) => one.kind === 'media')) {
    throw new FileFault('The item asks nothing.', element.line);
  }
  noteModalFeedback(root, reading);
  return { body, interactions };
}

function noteModalFeedback(root: XmlElement, { losses, isAdaptive }: Reading): void {
  for (const name of ['qti-modal-feedback', 'qti-catalog-info'] as const) {
    const found = childNamed(root, name);
    if (found === undefined || (isAdaptive && name === 'qti-modal-feedback')) continue;
    const code = name === 'qti-modal-feedback' ? 'feedback-left-out' : 'catalog-left-out';
    losses.add(code, `<${name}> was left out.`, found.line);
  }
}
