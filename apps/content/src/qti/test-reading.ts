import type { BodyNode, TestSection, TestStructure } from '@parlance/assessment';
import { isForLearner, readBody } from './body.js';
import { readOutcomes } from './declarations.js';
import { FileFault } from './file-fault.js';
import { Losses } from './losses.js';
import type { Loss, LossCode } from './losses.js';
import { resolveHref, shown } from './paths.js';
import { NO_PARTS, startReading } from './reading.js';
import type { PackageParts, Reading } from './reading.js';
import { requireRoot } from './version.js';
import type { XmlElement } from './xml.js';
import { childNamed, childrenNamed, decimal, decimalIn, elementsIn, flag } from './xml-reading.js';
import { identifierOf, required, titleOf, wholeNumber } from './xml-reading.js';

/** A place in a test where an item goes. */
export interface ItemReference {
  kind: 'item';
  /** The name of the place, unique in the test. */
  identifier: string;
  /** Path in the package of the item. */
  file: string;
  fixed: boolean;
  required: boolean;
}

export interface SectionReading {
  kind: 'section';
  id: string;
  title: string;
  instructions: BodyNode[];
  select: number | null;
  shuffle: boolean;
  fixed: boolean;
  required: boolean;
  members: (ItemReference | SectionReading)[];
}

export interface TestReading {
  file: string;
  identifier: string;
  title: string;
  /** What MAXSCORE says; null when it says nothing. */
  pointsPossible: number | null;
  timeLimitSeconds: number | null;
  sections: SectionReading[];
  losses: Loss[];
}

/** @throws FileFault when the file is no QTI test. */
export function readTest(
  file: string,
  document: XmlElement,
  packageParts: PackageParts = NO_PARTS,
): TestReading {
  const { reading, root } = startReading(file, document, packageParts);
  requireRoot(root, 'qti-assessment-test', 'test');
  const { losses } = reading;
  const context: Context = { reading, seen: new Set() };
  const identifier = identifierOf(root);
  const parts = childrenNamed(root, 'qti-test-part');
  const sections = parts.flatMap((part) => {
    noteIgnored(part, losses);
    return childrenNamed(part, 'qti-assessment-section').map((one) => readSection(one, context));
  });
  if (sections.length === 0) throw new FileFault('The test has no section.', root.line);
  return {
    file,
    identifier,
    title: titleOf(root, identifier),
    pointsPossible: maximumOf(root),
    timeLimitSeconds: timeLimitOf(root, parts, losses),
    sections,
    losses: losses.list,
  };
}

/** The test as forms are made from it, once the versions of its items are known. */
export function testStructure(
  test: Pick<TestReading, 'title' | 'sections'>,
  itemVersionIdOf: (file: string) => string,
): TestStructure {
  const section = ({ kind: _, members, ...own }: SectionReading): TestSection => ({
    ...own,
    items: members.map((member) => {
      if (member.kind === 'section') return section(member);
      const { identifier, file, fixed, required: isRequired } = member;
      return { identifier, itemVersionId: itemVersionIdOf(file), fixed, required: isRequired };
    }),
  });
  return { title: test.title, sections: test.sections.map(section) };
}

/** The test without the items that could not be imported, with a loss for each. */
export function withoutRefused(test: TestReading, imported: ReadonlySet<string>): TestReading {
  const losses = new Losses();
  losses.list.push(...test.losses);
  const prune = (section: SectionReading): SectionReading => {
    const members = section.members.flatMap((member): SectionReading['members'] => {
      if (member.kind === 'section') return [prune(member)];
      if (imported.has(member.file)) return [member];
      losses.add(
        'item-left-out',
        `The item "${shown(member.identifier)}" of the section "${shown(section.title)}" ` +
          `was left out, since ${shown(member.file)} was not imported.`,
      );
      return [];
    });
    if (section.select !== null && section.select > members.length) {
      losses.add(
        'selection-changed',
        `The section "${shown(section.title)}" selects ${section.select} and ` +
          `has ${members.length}; it gives all of them.`,
      );
    }
    return { ...section, members };
  };
  return { ...test, sections: test.sections.map(prune), losses: losses.list };
}

interface Context {
  reading: Reading;
  /** Identifiers used so far: they are unique in a test. */
  seen: Set<string>;
}

function readSection(element: XmlElement, context: Context): SectionReading {
  const { losses } = context.reading;
  const id = newIdentifier(element, context);
  noteIgnored(element, losses);
  const selection = childNamed(element, 'qti-selection');
  const ordering = childNamed(element, 'qti-ordering');
  if (selection !== undefined && flag(selection, 'with-replacement', false)) {
    const detail = 'No form holds an item twice, as with-replacement asks.';
    losses.add('selection-changed', detail, selection.line);
  }
  const rubrics = childrenNamed(element, 'qti-rubric-block').filter(isForLearner);
  return {
    kind: 'section',
    id,
    title: titleOf(element, id),
    instructions: rubrics.flatMap((rubric) => readBody(rubric, context.reading)),
    select: selection === undefined ? null : selectOf(selection),
    shuffle: ordering !== undefined && flag(ordering, 'shuffle', false),
    fixed: flag(element, 'fixed', false),
    required: flag(element, 'required', false),
    members: elementsIn(element).flatMap((child) => readMember(child, context)),
  };
}

function selectOf(selection: XmlElement): number {
  required(selection, 'select');
  return wholeNumber(selection, 'select') ?? 0;
}

function readMember(element: XmlElement, context: Context): (ItemReference | SectionReading)[] {
  if (element.name === 'qti-assessment-section') return [readSection(element, context)];
  if (element.name === 'qti-assessment-section-ref') {
    const detail = 'A section in a file of its own was left out.';
    context.reading.losses.add('section-left-out', detail, element.line);
  }
  if (element.name !== 'qti-assessment-item-ref') return [];
  noteIgnored(element, context.reading.losses);
  const href = required(element, 'href');
  return [
    {
      kind: 'item',
      identifier: newIdentifier(element, context),
      file: resolveHref(context.reading.file, href, element.line),
      fixed: flag(element, 'fixed', false),
      required: flag(element, 'required', false),
    },
  ];
}

function newIdentifier(element: XmlElement, { seen }: Context): string {
  const identifier = identifierOf(element);
  if (seen.has(identifier)) {
    throw new FileFault(`"${shown(identifier)}" is in the test twice.`, element.line);
  }
  seen.add(identifier);
  return identifier;
}

/** What would change who sees what, or what it counts: better said than silently lost. */
const IGNORED: Record<string, readonly [LossCode, string]> = {
  'qti-pre-condition': ['condition-left-out', 'A condition on earlier answers'],
  'qti-branch-rule': ['condition-left-out', 'A branch'],
  'qti-weight': ['condition-left-out', 'A weight'],
  'qti-adaptive-selection': ['condition-left-out', 'An adaptive selection'],
  'qti-time-limits': ['time-limit-left-out', 'A time limit on a part of the test'],
};

function noteIgnored(element: XmlElement, losses: Losses): void {
  for (const child of elementsIn(element)) {
    const isTestPart = element.name === 'qti-test-part';
    if (isTestPart && child.name === 'qti-time-limits') continue;
    const [code, what] = IGNORED[child.name] ?? [];
    if (code !== undefined) losses.add(code, `${what} was left out.`, child.line);
  }
}

function maximumOf(root: XmlElement): number | null {
  const outcome = readOutcomes(root).find((one) => one.declaration.identifier === 'MAXSCORE');
  const text = outcome?.declaration.defaultValue?.[0];
  return outcome === undefined || text === undefined
    ? null
    : decimalIn(text, 'MAXSCORE', outcome.line);
}

/** Of the test, or of its only part, which comes to the same. */
function timeLimitOf(root: XmlElement, parts: XmlElement[], losses: Losses): number | null {
  const own = childNamed(root, 'qti-time-limits');
  const ofParts = parts.flatMap((part) => childrenNamed(part, 'qti-time-limits'));
  const limits = own ?? (parts.length === 1 ? ofParts[0] : undefined);
  for (const one of ofParts) {
    if (one === limits) continue;
    losses.add('time-limit-left-out', 'A time limit of a part was left out.', one.line);
  }
  const seconds = limits === undefined ? undefined : decimal(limits, 'max-time');
  return seconds === undefined || seconds <= 0 ? null : Math.ceil(seconds);
}
