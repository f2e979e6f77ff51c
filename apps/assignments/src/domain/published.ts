import {
  type Interaction,
  type ItemDelivery,
  MAX_TRIES,
  type TestStructure,
} from '@parlance/assessment';
import { isId } from '@parlance/kernel';

type Plain = Record<string, unknown>;

/** What the schema of the event leaves open, as far as this service reads it. */
export function isDelivery(value: unknown): value is ItemDelivery {
  return (
    isPlain(value) &&
    value.schema === 1 &&
    typeof value.identifier === 'string' &&
    Array.isArray(value.body) &&
    Array.isArray(value.interactions) &&
    value.interactions.every(isInteraction) &&
    (value.tries === undefined || isTries(value.tries))
  );
}

function isTries(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 2 && (value as number) <= MAX_TRIES;
}

export function isStructure(value: unknown): value is TestStructure {
  return isPlain(value) && Array.isArray(value.sections) && value.sections.every(isSectionShape);
}

/** The lists this service walks through, by the kind of interaction. */
const LISTS: Record<Interaction['kind'], readonly string[]> = {
  choice: ['choices'],
  'inline-choice': ['choices'],
  'text-entry': [],
  'extended-text': [],
  order: ['choices'],
  match: ['sources', 'targets'],
  associate: ['choices'],
  'gap-match': ['choices', 'gaps'],
  hottext: ['choices'],
  'select-point': [],
  slider: [],
  media: [],
  recording: [],
  upload: [],
  paper: [],
};

function isInteraction(value: unknown): boolean {
  if (!isPlain(value) || typeof value.responseId !== 'string') return false;
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(LISTS, kind)) return false;
  return LISTS[kind as Interaction['kind']].every((name) => {
    const list = value[name];
    return Array.isArray(list) && list.every(isPlain);
  });
}

function isSectionShape(value: unknown): boolean {
  return (
    isPlain(value) &&
    typeof value.id === 'string' &&
    (value.select === null || Number.isInteger(value.select)) &&
    Array.isArray(value.items) &&
    value.items.every((member) => isSectionShape(member) || isItem(member))
  );
}

function isItem(value: unknown): boolean {
  return isPlain(value) && !('items' in value) && isId(value.itemVersionId);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
