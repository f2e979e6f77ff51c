import { isSection } from '@parlance/assessment';
import type { TestItem, TestSection, TestStructure } from '@parlance/assessment';
import { bodyContent } from './body-writing.js';
import { NAMES, rootAttributes } from './export-version.js';
import { xmlName } from './file-names.js';
import type { Writing } from './writing.js';
import { el } from './xml-writing.js';
import type { XmlNode } from './xml-writing.js';

export interface TestToWrite {
  identifier: string;
  structure: TestStructure;
  pointsPossible: number;
  timeLimitSeconds?: number;
}

/** @param hrefOf path of an item's file; undefined for one that is not in the package. */
export function testElement(
  { identifier, structure, pointsPossible, timeLimitSeconds }: TestToWrite,
  writing: Writing,
  hrefOf: (itemVersionId: string) => string | undefined,
): XmlNode {
  const { namespace, schema } = NAMES[writing.version];
  const about = { ...rootAttributes(namespace, schema), title: structure.title };
  const maximum = el('qti-outcome-declaration', {
    identifier: 'MAXSCORE',
    cardinality: 'single',
    'base-type': 'float',
  });
  const value = el('qti-default-value', {}, [el('qti-value', {}, [String(pointsPossible)])]);
  const part = { identifier: 'part', 'navigation-mode': 'nonlinear' };
  return el('qti-assessment-test', { ...about, identifier: xmlName(identifier) }, [
    { ...maximum, children: [value] },
    ...(timeLimitSeconds === undefined
      ? []
      : [el('qti-time-limits', { 'max-time': timeLimitSeconds })]),
    el(
      'qti-test-part',
      { ...part, 'submission-mode': 'simultaneous' },
      structure.sections.map((one) => sectionElement(one, writing, hrefOf)),
    ),
  ]);
}

function sectionElement(
  section: TestSection,
  writing: Writing,
  hrefOf: (itemVersionId: string) => string | undefined,
): XmlNode {
  const { id, title, instructions, select, shuffle, items } = section;
  const { fixed = false, required = false } = section;
  const about = { identifier: xmlName(id), title, visible: true, fixed, required };
  const text = bodyContent(instructions, 'blocks', writing);
  const inner = writing.version === '3.0' ? [el('qti-content-body', {}, text)] : text;
  return el('qti-assessment-section', about, [
    ...(select === null ? [] : [el('qti-selection', { select })]),
    el('qti-ordering', { shuffle }),
    ...(instructions.length === 0
      ? []
      : [el('qti-rubric-block', { view: 'candidate', use: 'instructions' }, inner)]),
    ...items.flatMap((member) =>
      isSection(member)
        ? [sectionElement(member, writing, hrefOf)]
        : referenceTo(member, hrefOf(member.itemVersionId)),
    ),
  ]);
}

function referenceTo(item: TestItem, href: string | undefined): XmlNode[] {
  if (href === undefined) return [];
  const { identifier, fixed, required = false } = item;
  return [
    el('qti-assessment-item-ref', { identifier: xmlName(identifier), href, fixed, required }),
  ];
}
