import { setImmediate } from 'node:timers/promises';
import type { ItemDelivery, ScoringSpec, TestMember, TestStructure } from '@parlance/assessment';
import { isSection } from '@parlance/assessment';
import { Refusal, sumPoints } from '@parlance/kernel';
import { contentHash } from './content-hash.js';
import { canonicalJson } from './domain/canonical-json.js';
import { clippedTitle } from './domain/titles.js';
import { fileReading, type Loss, testStructure } from './qti/index.js';
import type { FileReading, ItemReading, TestReading } from './qti/index.js';
import { withoutRefused } from './qti/test-reading.js';

/** Most bytes of one event's data; more would not fit a message with its envelope. */
export const MAX_EVENT_BYTES = 200 * 1024;

/** What the other fields of an event take at most: ids, a hash, a number and a title. */
const OTHER_FIELDS_BYTES = 4096;

/** Most items of one import: at two events an item they take some seconds. */
export const MAX_ITEMS = 2_000;

const PLACEHOLDER_ID = '0'.repeat(36);

export interface PlannedItem {
  file: string;
  identifier: string;
  title: string;
  hash: string;
  /** Canonical JSON of what is stored and published. */
  delivery: string;
  scoring: string;
  pointsPossible: number;
  /** Canonical JSON of what its author wrote; absent for an item of a package. */
  source?: string;
}

/** What planning needs of an item, wherever it comes from. */
export type ItemToPlan = Pick<
  ItemReading,
  'file' | 'identifier' | 'title' | 'delivery' | 'scoring'
> & {
  /** What it was compiled from, where that can be edited on. */
  source?: object;
};

/** What was read, of a package or of a table. */
export interface Planned {
  items: readonly ItemToPlan[];
  test: TestReading | null;
  files: readonly FileReading[];
}

export interface ImportPlan {
  items: PlannedItem[];
  test: TestReading | null;
  files: FileReading[];
}

/**
 * What an import is to store of a package: the items and the test that fit an event each, and the
 * report on every file. Items that are too large leave the test, as those that could not be read.
 *
 * @throws Refusal `too-many-items`: all is stored in one transaction, which must not last.
 */
export async function planImport(reading: Planned): Promise<ImportPlan> {
  if (reading.items.length > MAX_ITEMS) {
    const detail = `The package holds ${reading.items.length} items; ${MAX_ITEMS} are the limit.`;
    throw new Refusal('unprocessable', 'too-many-items', detail);
  }
  const refusals = new Map<string, string>();
  const items: PlannedItem[] = [];
  for (const item of reading.items) {
    // Hashing holds the thread, so others get a turn between two items.
    await setImmediate();
    const planned = plannedItem(item);
    const reason = tooLarge(planned);
    if (reason === undefined) items.push(planned);
    else refusals.set(item.file, reason);
  }
  const test = plannedTest(reading.test, items, refusals);
  const files = reading.files.map((file) => {
    const reason = file.outcome === 'imported' ? refusals.get(file.file) : undefined;
    if (reason !== undefined) return fileReading(file.file, 'refused', { reason });
    return file.file === test?.file ? fileReading(file.file, 'imported', test) : file;
  });
  return { items, test, files };
}

/** An item as it is stored and published; its hash tells one version from the next. */
export function plannedItem(item: ItemToPlan): PlannedItem {
  const { file, identifier, scoring, source } = item;
  const delivery = canonicalJson(item.delivery satisfies ItemDelivery);
  const spec = canonicalJson(scoring satisfies ScoringSpec);
  return {
    file,
    identifier,
    title: clippedTitle(item.title, identifier),
    hash: contentHash(`{"delivery":${delivery},"scoring":${spec}}`),
    delivery,
    scoring: spec,
    pointsPossible: scoring.pointsPossible,
    ...(source === undefined ? {} : { source: canonicalJson(source) }),
  };
}

/** Why the item would not fit an event; undefined when it does. */
export function tooLarge({ delivery, scoring }: PlannedItem): string | undefined {
  const bytes = Math.max(Buffer.byteLength(delivery), Buffer.byteLength(scoring));
  const most = MAX_EVENT_BYTES - OTHER_FIELDS_BYTES;
  if (bytes <= most) return undefined;
  return `The item takes ${kib(bytes)}; at most ${kib(most)} can be published.`;
}

function plannedTest(
  test: TestReading | null,
  items: readonly PlannedItem[],
  refusals: Map<string, string>,
): TestReading | null {
  if (test === null) return null;
  const imported = new Set(items.map((item) => item.file));
  const pruned = refusals.size === 0 ? test : withoutRefused(test, imported);
  const structure = testStructure(pruned, () => PLACEHOLDER_ID);
  const bytes = Buffer.byteLength(canonicalJson(structure));
  if (structure.sections.every((section) => !holdsItem(section))) {
    refusals.set(test.file, 'None of the items of the test could be imported.');
    return null;
  }
  if (bytes + OTHER_FIELDS_BYTES > MAX_EVENT_BYTES) {
    refusals.set(test.file, `The test takes ${kib(bytes)}, which is too much to be published.`);
    return null;
  }
  return withMaximumChecked(pruned, items);
}

function withMaximumChecked(test: TestReading, items: readonly PlannedItem[]): TestReading {
  const { pointsPossible: declared } = test;
  const points = new Map(items.map((item) => [item.file, item.pointsPossible]));
  const most = greatestPoints(
    testStructure(test, (file) => file),
    (file) => points.get(file) ?? 0,
  );
  if (declared === null || declared === most) return test;
  const detail = `MAXSCORE says ${declared}; the items of a form are worth ${most} together.`;
  const loss: Loss = { code: 'key-below-maximum', detail };
  return { ...test, losses: [...test.losses, loss] };
}

function holdsItem(member: TestMember): boolean {
  return isSection(member) ? member.items.some(holdsItem) : true;
}

/** The most that the items of one form can be worth, in points. */
export function greatestPoints(
  { sections }: TestStructure,
  pointsOf: (itemVersionId: string) => number,
): number {
  const worth = (member: TestMember): number => {
    if (!isSection(member)) return pointsOf(member.itemVersionId);
    const required = member.items.filter((one) => one.required === true).map(worth);
    const others = member.items.filter((one) => one.required !== true).map(worth);
    const drawn = member.select === null ? others.length : member.select - required.length;
    const best = others.toSorted((a, b) => b - a).slice(0, Math.max(0, drawn));
    return sumPoints([...required, ...best]);
  };
  return sumPoints(sections.map(worth));
}

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
