import type { Interaction, ItemDelivery, OutcomeDeclaration } from '@parlance/assessment';
import type { ResponseDeclaration, Rubric, ScoringSpec } from '@parlance/assessment';
import { LIST_KINDS } from '../item.js';
import { pointsPossibleOf } from '../item-points.js';
import { Losses } from '../losses.js';
import { bodyContent } from './body-writing.js';
import { outcomeElement, responseElement } from './declaration-writing.js';
import { NAMES, rootAttributes } from './export-version.js';
import { xmlName } from './file-names.js';
import { dictatedElements, interactionElement } from './interaction-writing.js';
import { rulesOfParts } from './part-rules.js';
import { processingElements } from './processing-writing.js';
import type { ItemWriting, Writing } from './writing.js';
import { el } from './xml-writing.js';
import type { XmlNode } from './xml-writing.js';

/** An item as a document. `stimulusHref` is where the text it shares with others is, if it has one. */
export function itemElement(
  { delivery, scoring }: { delivery: ItemDelivery; scoring: ScoringSpec },
  writing: Writing,
  stimulusHref?: string,
): XmlNode {
  const spec = inRules(scoring, delivery, writing.losses);
  noteTries(scoring, writing.losses);
  const responses = new Map(spec.responses.map((one) => [one.identifier, one]));
  const item: ItemWriting = { ...writing, responses, single: singleOnes(spec, delivery) };
  const { namespace, schema } = NAMES[writing.version];
  const { identifier, title, language, stimulus } = delivery;
  const about = {
    identifier: xmlName(identifier),
    title,
    adaptive: spec.adaptive === true,
    'time-dependent': false,
  };
  const isShared = stimulus !== undefined && stimulusHref !== undefined;
  return el(
    'qti-assessment-item',
    { ...rootAttributes(namespace, schema), ...about, 'xml:lang': language },
    [
      ...spec.responses.map((one) => responseElement(one, item)),
      ...outcomeElements(spec),
      ...(isShared ? [stimulusReference(stimulus.title, stimulusHref, writing)] : []),
      bodyElement(delivery, scoring, item),
      ...processingElements(spec.processing, item),
    ],
  );
}

/** Only rules of QTI say when an item is completed, and what it says then is not written yet. */
function noteTries({ tries, adaptive, feedback, parts }: ScoringSpec, losses: Losses): void {
  if (tries !== undefined && adaptive !== true) {
    losses.add('tries-left-out', 'The item can be answered only once.');
  }
  const saysMore = parts.some((part) => part.choiceFeedback !== undefined);
  if (feedback !== undefined || saysMore) {
    losses.add('feedback-left-out', 'What the author says to answers was left out.');
  }
}

function stimulusReference(title: string, href: string, { version }: Writing): XmlNode {
  // Only 3.0 names it here; in 2.2 its own file alone does.
  const about = { identifier: 'stimulus', href, title: version === '3.0' ? title : undefined };
  return el('qti-assessment-stimulus-ref', about);
}

/** The specification without the ways of scoring that QTI lacks. */
function inRules(scoring: ScoringSpec, delivery: ItemDelivery, losses: Losses): ScoringSpec {
  const declared = withAllDeclared(scoring, delivery);
  const isHuman = scoring.parts.some((part) => part.humanScored);
  const spec = {
    ...declared,
    externalScored: declared.externalScored || (isHuman && scoring.processing.kind === 'parts'),
  };
  if (scoring.processing.kind !== 'parts') return spec;
  const { rules, responses } = rulesOfParts(spec, delivery, losses);
  return { ...spec, responses, processing: { kind: 'rules', rules } };
}

/** Answers that a person scores or that count plays need no declaration here, and one in QTI. */
function withAllDeclared(scoring: ScoringSpec, delivery: ItemDelivery): ScoringSpec {
  const types: Partial<Record<Interaction['kind'], ResponseDeclaration['baseType']>> = {
    media: 'integer',
    recording: 'file',
    upload: 'file',
    paper: 'string',
    'extended-text': 'string',
  };
  const own = new Map(scoring.responses.map((one) => [one.identifier, one]));
  for (const { kind, responseId: identifier } of delivery.interactions) {
    const baseType = types[kind];
    if (baseType === undefined) continue;
    const correct = own.get(identifier)?.correct;
    const about = { identifier, cardinality: 'single', baseType } as const;
    own.set(identifier, correct === undefined ? about : { ...about, correct });
  }
  return { ...scoring, responses: [...own.values()] };
}

/** Lists of at most one that QTI declares as a single value: see `listed` in item.ts. */
function singleOnes(spec: ScoringSpec, delivery: ItemDelivery): Set<string> {
  const kinds = new Map(delivery.interactions.map((one) => [one.responseId, one.kind]));
  const ones = spec.responses.filter(({ identifier, cardinality }) => {
    const kind = kinds.get(identifier);
    return kind !== undefined && LIST_KINDS.has(kind) && cardinality === 'ordered';
  });
  return new Set(ones.map((one) => one.identifier));
}

function outcomeElements(spec: ScoringSpec): XmlNode[] {
  const isDeclared = spec.outcomes.some(
    (one) => one.identifier === 'MAXSCORE' && one.defaultValue?.[0] !== undefined,
  );
  const isTemplate = spec.processing.kind === 'template';
  const isTold = isDeclared || pointsPossibleOf(spec, [], new Losses()) === spec.pointsPossible;
  const notes = {
    isHumanScored: spec.externalScored,
    ...(isDeclared || isTemplate ? {} : { normalMaximum: spec.pointsPossible }),
  };
  const maximum: OutcomeDeclaration = {
    identifier: 'MAXSCORE',
    cardinality: 'single',
    baseType: 'float',
    defaultValue: [String(spec.pointsPossible)],
  };
  const outcomes = spec.outcomes.filter((one) => !isBuiltIn(one));
  return [
    ...outcomes.map((one) => outcomeElement(one, one.identifier === 'SCORE' ? notes : null)),
    // A template tells what it is worth, unless the item is worth something else.
    ...(isTemplate && !isTold ? [outcomeElement(maximum, null)] : []),
  ];
}

/** Every QTI item has this one without declaring it. */
function isBuiltIn({ identifier, defaultValue }: OutcomeDeclaration): boolean {
  return identifier === 'completionStatus' && defaultValue?.[0] === 'unknown';
}

function bodyElement(delivery: ItemDelivery, scoring: ScoringSpec, writing: ItemWriting): XmlNode {
  const byId = new Map(delivery.interactions.map((one) => [one.responseId, one]));
  const scored = new Set(scoring.parts.flatMap((one) => (one.humanScored ? [] : one.responseId)));
  const content = bodyContent(delivery.body, 'blocks', writing, (responseId) => {
    const interaction = byId.get(responseId);
    if (interaction === undefined) return [];
    // What is dictated is scored by rule; readers of QTI give extended texts to a person.
    return interaction.kind === 'extended-text' && scored.has(responseId)
      ? dictatedElements(interaction, writing)
      : [interactionElement(interaction, writing)];
  });
  const rubrics = scoring.parts.flatMap(({ scoring: how }) =>
    how?.kind === 'human' && how.rubric !== undefined ? [rubricElement(how.rubric, writing)] : [],
  );
  const blocks = [...content, ...rubrics];
  // The schemas want something in a body, even where all that was in it is shown elsewhere.
  return el('qti-item-body', {}, blocks.length === 0 ? [el('div')] : blocks);
}

/** A rubric as something a marker can read; learners never see it. */
function rubricElement(rubric: Rubric, writing: ItemWriting): XmlNode {
  writing.losses.add('rubric-as-text', 'The rubric was written as a text for markers.');
  const text = [
    el('p', {}, [rubric.title]),
    ...rubric.criteria.map(({ title, levels }) =>
      el('div', {}, [
        el('p', {}, [title]),
        el(
          'ul',
          {},
          levels.map((level) =>
            el('li', {}, [`${level.title} (${level.points}): ${level.description}`]),
          ),
        ),
      ]),
    ),
  ];
  const inner = writing.version === '3.0' ? [el('qti-content-body', {}, text)] : text;
  return el('qti-rubric-block', { view: 'scorer', use: 'scoring' }, inner);
}
