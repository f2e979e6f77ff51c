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

/**
 * The items one learner gets, in order: per section a random selection without replacement, then a
 * random order, fixed members keeping their place among the selected (QTI 3.0 selection and
 * ordering). The same test and seed always give the same form. A section that asks for more than
 * it has gives all it has; required members are in even if there are more than it asks for.
 *
 * What the learner has `seen`, by item version id, is drawn only when there is nothing else to
 * draw; without it every form is as it always was for its seed.
 */
export function assembleForm(
  test: TestStructure,
  seed: string,
  seen: ReadonlySet<string> = new Set(),
): FormItem[] {
  const draw = { random: seededRandom(seed), seen };
  return test.sections
    .flatMap((section) => itemsOf(section, [], draw))
    .map((item, position) => ({ position, ...item }));
}

interface Draw {
  random: Random;
  seen: ReadonlySet<string>;
}

function itemsOf(section: TestSection, path: string[], draw: Draw): Omit<FormItem, 'position'>[] {
  const sectionPath = [...path, section.id];
  const selected = select(section, draw);
  const ordered = section.shuffle
    ? shuffledAround(selected, (member) => member.fixed === true, draw.random)
    : selected;
  return ordered.flatMap((member) => {
    if (isSection(member)) return itemsOf(member, sectionPath, draw);
    const { identifier, itemVersionId } = member;
    return [{ identifier, itemVersionId, sectionId: section.id, sectionPath }];
  });
}

function select({ items, select: count }: TestSection, { random, seen }: Draw): TestMember[] {
  if (count === null || count >= items.length) return items;
  const required = items.filter((member) => member.required === true);
  const rest = items.filter((member) => member.required !== true);
  const drawn = unseenFirst(shuffled(rest, random), seen).slice(
    0,
    Math.max(0, count - required.length),
  );
  const chosen = new Set([...required, ...drawn]);
  return items.filter((member) => chosen.has(member));
}

function unseenFirst(members: readonly TestMember[], seen: ReadonlySet<string>): TestMember[] {
  if (seen.size === 0) return [...members];
  const isSeen = (member: TestMember): boolean =>
    isSection(member) ? member.items.some(isSeen) : seen.has(member.itemVersionId);
  return [...members.filter((member) => !isSeen(member)), ...members.filter(isSeen)];
}
