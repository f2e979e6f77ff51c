import { type FieldFault, isId } from '@parlance/kernel';
import type {
  Interaction,
  ItemDelivery,
  SelectPointInteraction,
  SliderInteraction,
} from '../items/delivery.js';

/** One answer on the wire: a text, a list of texts, or null when nothing was answered. */
export type ResponseValue = string | string[] | null;

/** Answers by response identifier. A pair is two identifiers with a space between. */
export type Responses = Record<string, ResponseValue>;

/** Longest typed answer, in UTF-16 code units: longer than any essay, and what a paste may be. */
export const MAX_ANSWER_LENGTH = 1_048_576;

/** Longest answer in a gap: a sentence or two. */
export const MAX_GAP_LENGTH = 2_000;

/** Most values one answer may hold, for whatever reason it is a list. */
export const MAX_ANSWER_VALUES = 500;

/**
 * What is wrong with the answers to one item, for the caller to mend; empty when all is well. It
 * takes anything at all and never throws. An incomplete answer is not a fault, since answers are
 * saved while the learner is still at work; nor are control characters in a typed answer, which
 * are cleaned away when the answer is stored.
 *
 * @param at JSON pointer of the answers within the request body.
 */
export function validateResponses(
  delivery: ItemDelivery,
  responses: unknown,
  at = '/responses',
): FieldFault[] {
  if (typeof responses !== 'object' || responses === null || Array.isArray(responses)) {
    return [{ pointer: at, detail: 'must be an object of answers by response identifier' }];
  }
  const interactions = new Map(delivery.interactions.map((one) => [one.responseId, one]));
  const faults: FieldFault[] = [];
  for (const [id, value] of Object.entries(responses)) {
    const pointer = `${at}/${pointerToken(id)}`;
    const interaction = interactions.get(id);
    const detail =
      interaction === undefined
        ? 'the item asks for no such answer'
        : answerFault(interaction, value);
    if (detail !== null) faults.push({ pointer, detail });
    // A hostile body must not make a hostile answer: the first faults say enough.
    if (faults.length >= 20) break;
  }
  return faults;
}

function answerFault(interaction: Interaction, value: unknown): string | null {
  if (value === null) return null;
  switch (interaction.kind) {
    case 'choice':
      return interaction.cardinality === 'multiple'
        ? choicesFault(interaction.choices, interaction.maxChoices, value)
        : choiceFault(interaction.choices, value);
    case 'inline-choice':
      return choiceFault(interaction.choices, value);
    case 'text-entry':
      return textFault(value, MAX_GAP_LENGTH);
    case 'extended-text':
      return textFault(value, MAX_ANSWER_LENGTH);
    case 'order':
    case 'hottext':
      return choicesFault(interaction.choices, interaction.maxChoices, value);
    case 'match':
      return pairsFault(interaction.sources, interaction.targets, interaction, value);
    case 'associate':
      return pairsFault(interaction.choices, interaction.choices, interaction, value);
    case 'gap-match':
      return pairsFault(interaction.choices, gapTargets(interaction.gaps), interaction, value);
    case 'select-point':
      return pointsFault(interaction, value);
    case 'slider':
      return sliderFault(interaction, value);
    case 'recording':
    case 'upload':
      return isId(value) ? null : 'must be the identifier of a finished upload, or null';
    case 'media':
      return 'is counted by the server and cannot be answered';
    case 'paper':
      return 'is answered on paper';
  }
}

function textFault(value: unknown, limit: number): string | null {
  if (typeof value !== 'string') return 'must be a text or null';
  return value.length > limit ? `must be at most ${limit} characters` : null;
}

function choiceFault(choices: readonly { id: string }[], value: unknown): string | null {
  if (typeof value !== 'string') return 'must be the identifier of one choice, or null';
  return choices.some(({ id }) => id === value) ? null : 'is not a choice of this item';
}

function choicesFault(
  choices: readonly { id: string }[],
  maxChoices: number,
  value: unknown,
): string | null {
  if (!Array.isArray(value)) return 'must be a list of choice identifiers, or null';
  if (value.length > MAX_ANSWER_VALUES) return `must have at most ${MAX_ANSWER_VALUES} values`;
  for (const one of value) {
    const fault = choiceFault(choices, one);
    if (fault !== null) return `holds a value that ${fault}`;
  }
  if (new Set(value).size !== value.length) return 'holds one choice twice';
  if (maxChoices > 0 && value.length > maxChoices) return `must hold at most ${maxChoices} choices`;
  return null;
}

/** A gap takes one word. */
function gapTargets(gaps: readonly { id: string }[]): { id: string; matchMax: number }[] {
  return gaps.map(({ id }) => ({ id, matchMax: 1 }));
}

interface Associable {
  id: string;
  matchMax: number;
}

function pairsFault(
  firsts: readonly Associable[],
  seconds: readonly Associable[],
  { kind, maxAssociations }: { kind: string; maxAssociations: number },
  value: unknown,
): string | null {
  if (!Array.isArray(value)) return 'must be a list of pairs, or null';
  if (value.length > MAX_ANSWER_VALUES) return `must have at most ${MAX_ANSWER_VALUES} values`;
  if (maxAssociations > 0 && value.length > maxAssociations) {
    return `must hold at most ${maxAssociations} pairs`;
  }
  const isAssociate = kind === 'associate';
  const seen = new Set<string>();
  const uses = new Map<Associable, number>();
  for (const pair of value) {
    const ends = typeof pair === 'string' ? pair.split(' ') : [];
    const first = firsts.find(({ id }) => id === ends[0]);
    const second = seconds.find(({ id }) => id === ends[1]);
    if (ends.length !== 2 || first === undefined || second === undefined) {
      return 'holds a value that is not a pair of this item';
    }
    const key = (isAssociate ? ends.toSorted() : ends).join(' ');
    if (seen.has(key)) return 'holds one pair twice';
    seen.add(key);
    for (const end of [first, second]) {
      const count = (uses.get(end) ?? 0) + 1;
      if (end.matchMax > 0 && count > end.matchMax) return 'uses one choice too often';
      uses.set(end, count);
    }
  }
  return null;
}

function pointsFault({ image, maxChoices }: SelectPointInteraction, value: unknown): string | null {
  if (!Array.isArray(value)) return 'must be a list of points, or null';
  const most = maxChoices > 0 ? maxChoices : MAX_ANSWER_VALUES;
  if (value.length > most) return `must hold at most ${most} points`;
  const isPoint = (one: unknown) => {
    const [, x, y] = typeof one === 'string' ? (/^(\d{1,6}) (\d{1,6})$/.exec(one) ?? []) : [];
    return x !== undefined && Number(x) < image.width && Number(y) < image.height;
  };
  return value.every(isPoint) ? null : 'holds a value that is not a point of the picture';
}

function sliderFault(slider: SliderInteraction, value: unknown): string | null {
  const isText = typeof value === 'string' && /^-?\d{1,12}(\.\d{1,6})?$/.test(value);
  const number = isText ? Number(value) : Number.NaN;
  if (number >= slider.lowerBound && number <= slider.upperBound) return null;
  return `must be a number from ${slider.lowerBound} to ${slider.upperBound}, or null`;
}

/** RFC 6901 section 3, cut short: the pointer goes back to the sender. */
function pointerToken(id: string): string {
  return id.slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
