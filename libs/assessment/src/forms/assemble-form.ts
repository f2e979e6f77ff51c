import type { BodyNode } from '../items/body.js';
import { seededRandom, shuffled, shuffledAround } from './random.js';
import type { Random } from './random.js';

/** An item in a test. A `required` one is in every form; a `fixed` one keeps its place. */
export interface TestItem {
  identifier: string;
  itemVersionId: string;
  fixed: boolean;
  required?: boolean;
}

export interface TestSection {
  id: string;
  title: string;
  instructions: BodyNode[];
  /** How many of its members a form takes; null is all of them. */
  select: number | null;
  shuffle: boolean;
  fixed?: boolean;
  required?: boolean;
  /** Items and sections in the author's order; a section counts as one when selecting. */
  items: TestMember[];
}

export type TestMember = TestItem | TestSection;

export interface TestStructure {
  title: string;
  sections: TestSection[];
}

/** One item of a form, in the order the learner meets it. */
export interface FormItem {
  /** From 0. */
  position: number;
  identifier: string;
  itemVersionId: string;
  /** The innermost section, whose instructions apply. */
  sectionId: string;
  /** From the outermost section in. */
  sectionPath: string[];
}

export function isSection(member: TestMember): member is TestSection {
  return 'items' in member;
}

/** How often a learner met an item version before; not in it: never. */
export type SeenItems = ReadonlyMap<string, number>;

const NOTHING_SEEN: SeenItems = new Map();

/**
 * The items one learner gets, in order: per section a random selection without replacement, then a
 * random order, fixed members keeping their place among the selected (QTI 3.0 selection and
 * ordering). What the learner met least often is drawn first, chance deciding among equals. The
 * same test, seed and seen items always give the same form. A section that asks for more than
 * it has gives all it has; required members are in even if there are more than it asks for.
 */
export function assembleForm(
  test: TestStructure,
  seed: string,
  seen: SeenItems = NOTHING_SEEN,
): FormItem[] {
  const random = seededRandom(seed);
  return test.sections
    .flatMap((section) => itemsOf(section, [], random, seen))
    .map((item, position) => ({ position, ...item }));
}

function itemsOf(
  section: TestSection,
  path: string[],
  random: Random,
  seen: SeenItems,
): Omit<FormItem, 'position'>[] {
  const sectionPath = [...path, section.id];
  const selected = select(section, random, seen);
  const ordered = section.shuffle
    ? shuffledAround(selected, (member) => member.fixed === true, random)
    : selected;
  return ordered.flatMap((member) => {
    if (isSection(member)) return itemsOf(member, sectionPath, random, seen);
    const { identifier, itemVersionId } = member;
    return [{ identifier, itemVersionId, sectionId: section.id, sectionPath }];
  });
}

function select(
  { items, select: count }: TestSection,
  random: Random,
  seen: SeenItems,
): TestMember[] {
  if (count === null || count >= items.length) return items;
  const required = items.filter((member) => member.required === true);
  const rest = items.filter((member) => member.required !== true);
  // A stable sort after the shuffle: chance decides among those seen equally often.
  const drawn = shuffled(rest, random)
    .sort((one, other) => timesSeen(one, seen) - timesSeen(other, seen))
    .slice(0, Math.max(0, count - required.length));
  const chosen = new Set([...required, ...drawn]);
  return items.filter((member) => chosen.has(member));
}

/** A section counts as its items on average, so that a long one is not avoided for being long. */
function timesSeen(member: TestMember, seen: SeenItems): number {
  if (!isSection(member)) return seen.get(member.itemVersionId) ?? 0;
  const total = member.items.reduce((sum, one) => sum + timesSeen(one, seen), 0);
  return member.items.length === 0 ? 0 : total / member.items.length;
}
