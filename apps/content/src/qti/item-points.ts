import { bestMapped, correctResponses, keyOf, scoreItem } from '@parlance/assessment';
import type { Interaction, PartSpec, Processing, ScoringSpec } from '@parlance/assessment';
import type { ResponseDeclaration } from '@parlance/assessment';
import { sumPoints } from '@parlance/kernel';
import type { OutcomeReading } from './declarations.js';
import { FileFault } from './file-fault.js';
import { SCORED_BY_A_PERSON } from './import-policy.js';
import type { Losses } from './losses.js';
import { decimalIn } from './xml-reading.js';

/** A scoring spec before it is known what the item and its parts are worth. */
export type UnpricedSpec = Omit<ScoringSpec, 'pointsPossible'>;

/** Points when an item does not say: what most items are worth. */
const POINTS_WHEN_UNKNOWN = 1;

/**
 * The most an item can earn: what MAXSCORE says, else what its way of scoring can give.
 *
 * @throws FileFault when MAXSCORE is not a number from 0.
 */
export function pointsPossibleOf(
  spec: UnpricedSpec,
  outcomes: readonly OutcomeReading[],
  losses: Losses,
): number {
  const declared = declaredMaximum(outcomes);
  if (declared !== null) return declared;
  const scored = byProcessing(spec);
  if (scored !== null) return scored;
  const normal = outcomes.find((one) => one.declaration.identifier === 'SCORE')?.normalMaximum;
  if (normal !== undefined && normal > 0) return normal;
  const ofKey = scoreItem({ ...spec, pointsPossible: 0 }, correctResponses(spec as ScoringSpec));
  if (ofKey.points !== null && ofKey.points > 0) {
    const detail = `MAXSCORE is missing; ${ofKey.points}, what the key earns, is taken for it.`;
    losses.add('maximum-assumed', detail);
    return ofKey.points;
  }
  const detail = `MAXSCORE is missing; the item is taken to be worth ${POINTS_WHEN_UNKNOWN}.`;
  losses.add('maximum-assumed', detail);
  return POINTS_WHEN_UNKNOWN;
}

function declaredMaximum(outcomes: readonly OutcomeReading[]): number | null {
  const outcome = outcomes.find((one) => one.declaration.identifier === 'MAXSCORE');
  const text = outcome?.declaration.defaultValue?.[0];
  if (outcome === undefined || text === undefined) return null;
  const maximum = decimalIn(text, 'MAXSCORE', outcome.line);
  if (maximum < 0) throw new FileFault('MAXSCORE is below 0.', outcome.line);
  return maximum;
}

function byProcessing({
  processing,
  responses,
  parts,
  externalScored,
}: UnpricedSpec): number | null {
  const isHumanScored = externalScored || parts.some((part) => part.humanScored);
  if (processing.kind !== 'template' || isHumanScored) return null;
  if (processing.name === 'match_correct') return 1;
  const response = responses.find((one) => one.identifier === processing.responseId);
  const part = parts.find((one) => one.responseId === processing.responseId);
  if (response === undefined) return null;
  const isPoint = processing.name === 'map_response_point';
  const best = isPoint ? bestOfAreas(response, part) : bestMapped(response, part?.maxValues);
  return best > 0 ? best : null;
}

/** Each area counts once, so the best answer hits the best areas. */
function bestOfAreas({ areaMapping, cardinality }: ResponseDeclaration, part?: PartSpec): number {
  const most = cardinality === 'single' ? 1 : (part?.maxValues ?? Infinity);
  const worth = (areaMapping?.entries ?? [])
    .map(({ value }) => value)
    .filter((value) => value > 0)
    .toSorted((a, b) => b - a)
    .slice(0, most);
  return Math.min(sumPoints(worth), areaMapping?.upperBound ?? Infinity);
}

/** The parts of an item, one for each interaction that is answered, before they have a worth. */
export function partsOf(interactions: readonly Interaction[]): PartSpec[] {
  return interactions
    .filter(({ kind }) => kind !== 'media')
    .map((interaction) => {
      const limit = mostValues(interaction);
      return {
        responseId: interaction.responseId,
        pointsPossible: null,
        humanScored: SCORED_BY_A_PERSON.has(interaction.kind),
        ...(limit > 0 ? { maxValues: limit } : {}),
      };
    });
}

function mostValues(interaction: Interaction): number {
  if ('maxChoices' in interaction) return interaction.maxChoices;
  return 'maxAssociations' in interaction ? interaction.maxAssociations : 0;
}

/**
 * The parts with what each is worth: all of it where there is one, what their own keys give where
 * that adds up to the item. A single essay among keyed parts is worth the rest.
 */
export function pricedParts(spec: ScoringSpec): PartSpec[] {
  const { parts, pointsPossible, processing } = spec;
  if (parts.length === 1) return parts.map((part) => ({ ...part, pointsPossible }));
  const responses = new Map(spec.responses.map((one) => [one.identifier, one]));
  const worths = parts.map((part) => ownWorth(part, responses.get(part.responseId), processing));
  const known = worths.reduce<number>((sum, worth) => sum + (worth ?? 0), 0);
  const unknown = worths.filter((worth) => worth === null).length;
  const rest = pointsPossible - known;
  if ((unknown === 0 && Math.abs(rest) > 1e-6) || unknown > 1 || (unknown === 1 && rest <= 0)) {
    return parts;
  }
  return parts.map((part, index) => ({ ...part, pointsPossible: worths[index] ?? rest }));
}

function ownWorth(
  part: PartSpec,
  response: ResponseDeclaration | undefined,
  processing: Processing,
): number | null {
  if (response === undefined || part.humanScored) return null;
  if (processing.kind === 'template' && processing.responseId !== part.responseId) return 0;
  if (response.mapping !== undefined) return bestMapped(response, part.maxValues);
  return keyOf(response) === null ? null : 1;
}

/** Notes when an item's own key does not earn what the item says it is worth. */
export function noteUnreachable(spec: ScoringSpec, losses: Losses): void {
  const key = correctResponses(spec);
  if (Object.keys(key).length < spec.parts.length) return;
  const { points } = scoreItem(spec, key);
  if (points === null || points === spec.pointsPossible) return;
  const detail = `The item's own key earns ${points} of ${spec.pointsPossible} points.`;
  losses.add('key-below-maximum', detail);
}
