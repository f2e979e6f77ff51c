import {
  type FormItem,
  isSection,
  type TestSection,
  type TestStructure,
} from '@parlance/assessment';
import type { Id } from '@parlance/kernel';

/** As many items as one submission can carry. */
export const MAX_FORM_LENGTH = 500;

/**
 * A form as it is stored: runs of items of one section, each as the section's id followed by item
 * version ids. Slots count from 1 through all runs, so they need not be stored.
 */
export type PackedForm = [sectionId: string, ...itemVersionIds: Id[]][];

/** One place in a form: what answers are saved and scored under. */
export interface FormSlot {
  slot: number;
  itemVersionId: Id;
}

export interface FormRun {
  sectionId: string;
  slots: FormSlot[];
}

export function packForm(items: readonly FormItem[]): PackedForm {
  const form: PackedForm = [];
  for (const { sectionId, itemVersionId } of items) {
    const run = form.at(-1);
    if (run?.[0] === sectionId) run.push(itemVersionId);
    else form.push([sectionId, itemVersionId]);
  }
  return form;
}

export function runsOf(form: PackedForm): FormRun[] {
  let slot = 0;
  return form.map(([sectionId, ...ids]) => ({
    sectionId,
    slots: ids.map((itemVersionId) => ({ slot: ++slot, itemVersionId })),
  }));
}

export function slotsOf(form: PackedForm): FormSlot[] {
  return runsOf(form).flatMap(({ slots }) => slots);
}

/** Every section by its id, nested ones too. */
export function sectionsById(test: TestStructure): Map<string, TestSection> {
  const byId = new Map<string, TestSection>();
  const visit = (section: TestSection) => {
    byId.set(section.id, section);
    section.items.filter(isSection).forEach(visit);
  };
  test.sections.forEach(visit);
  return byId;
}

/** Every item version a form of the test may hold, each once. */
export function itemVersionsOf(test: TestStructure): Id[] {
  const ids = [...sectionsById(test).values()].flatMap(({ items }) =>
    items.flatMap((member) => (isSection(member) ? [] : [member.itemVersionId])),
  );
  return [...new Set(ids)];
}

/** No form of the test is longer than this: sections draw their largest members. */
export function longestForm(test: TestStructure): number {
  return test.sections.reduce((total, section) => total + longestRun(section), 0);
}

function longestRun({ items, select }: TestSection): number {
  const sizes = items.map((member) => (isSection(member) ? longestRun(member) : 1));
  const required = items.filter((member) => member.required === true).length;
  const taken = select === null ? sizes.length : Math.max(select, required);
  return sizes
    .sort((one, other) => other - one)
    .slice(0, taken)
    .reduce((total, size) => total + size, 0);
}
