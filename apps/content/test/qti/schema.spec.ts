import { readFileSync } from 'node:fs';
import { compileItem, compileSet, ITEM_TYPES } from '@parlance/assessment';
import type { BodyNode, CompiledItem, ItemDelivery, ScoringSpec } from '@parlance/assessment';
import { strFromU8, unzipSync } from 'fflate';
import { EXPORT_VERSIONS, readPackage, writePackage } from '../../src/qti/index.js';
import type { ExportVersion, ItemToWrite, WrittenFile } from '../../src/qti/index.js';
import { fixturePackage, fixtureXml } from './fixtures.js';
import { realPackage } from './real-package.js';
import { schemaFaults } from './schema-check.js';

const DOCUMENT = new URL('../../../../../docs/assessment.md', import.meta.url);
const examples = [...readFileSync(DOCUMENT, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)]
  .map(([, json = '']): unknown => JSON.parse(json))
  .filter((block): block is { type: string } => !Array.isArray(block));

function compiled(source: { type: string }): CompiledItem[] {
  const set = source.type === 'reading-set' ? compileSet(source) : null;
  if (set?.ok === true) return set.items;
  const item = compileItem(source);
  if (!item.ok) throw new Error(JSON.stringify(item.faults));
  return [item.item];
}

const toWrite = ({ delivery, scoring }: { delivery: ItemDelivery; scoring: ScoringSpec }) => ({
  itemVersionId: delivery.identifier,
  delivery,
  scoring,
});

/** A package of the items and a test of them all; what breaks the schema, by file. */
async function exported(
  version: ExportVersion,
  items: readonly ItemToWrite[],
): Promise<{ faults: string[]; texts: Map<string, string>; files: WrittenFile[] }> {
  const references = items.map(({ itemVersionId }, index) => ({
    identifier: `ref-${index}`,
    itemVersionId,
    fixed: false,
  }));
  const section = { id: 'S1', title: '', select: 1, shuffle: true, items: references };
  const instructions: BodyNode[] = [{ kind: 'text', text: 'Answer all.' }];
  const structure = { title: 'A test', sections: [{ ...section, instructions }] };
  const test = { identifier: '1st test', pointsPossible: 3, timeLimitSeconds: 60, structure };
  const { zip, files } = await writePackage({ version, items, test }, () =>
    Promise.resolve(Buffer.from('bytes')),
  );
  const texts = new Map<string, string>();
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    if (path.endsWith('.xml')) texts.set(path, strFromU8(bytes));
  }
  const faults = [...texts].flatMap(([path, text]) =>
    schemaFaults(text).map((fault) => `${path}: ${fault}`),
  );
  return { faults, texts, files };
}

const TEXT: BodyNode = { kind: 'text', text: 'words' };
const element = (name: string, ...children: BodyNode[]): BodyNode => ({
  kind: 'element',
  name,
  children,
});

/** HTML that people write and QTI does not take. */
const LOOSE: BodyNode[] = [
  TEXT,
  element('u', TEXT),
  element('p', element('ul', element('li', TEXT), TEXT), element('mark', TEXT)),
  element('span', element('strong', element('h2', TEXT))),
  element(
    'table',
    element('tr', element('td', TEXT), TEXT),
    element('tfoot'),
    element('caption', element('p', TEXT)),
  ),
  element('li', TEXT),
  element('blockquote', TEXT, element('figure', TEXT, element('figcaption', TEXT))),
  {
    kind: 'element',
    name: 'ol',
    attributes: { start: '3', lang: 'en' },
    children: [element('li', TEXT)],
  },
];

const loose = {
  delivery: {
    schema: 1,
    identifier: '1:loose',
    title: 'Loose',
    body: [...LOOSE, { kind: 'interaction', responseId: 'G' }],
    interactions: [
      {
        kind: 'gap-match',
        responseId: 'G',
        shuffle: false,
        minAssociations: 0,
        maxAssociations: 0,
        prompt: LOOSE,
        choices: [{ id: 'A', fixed: true, matchMax: 1, content: LOOSE }],
        gaps: [{ id: 'X', required: true }],
        content: [element('ul', element('li', TEXT, { kind: 'gap', responseId: 'G', gapId: 'X' }))],
      },
    ],
  },
  scoring: {
    schema: 1,
    identifier: '1:loose',
    responses: [{ identifier: 'G', cardinality: 'multiple', baseType: 'directedPair' }],
    outcomes: [{ identifier: 'SCORE', cardinality: 'single', baseType: 'float' }],
    processing: { kind: 'none' },
    parts: [],
    pointsPossible: 1,
    externalScored: true,
  },
} satisfies { delivery: ItemDelivery; scoring: ScoringSpec };

describe.each(EXPORT_VERSIONS)('a package of QTI %s follows the schema', (version) => {
  test('with an item of every type, a set about one passage, and a test of them', async () => {
    const items = examples.flatMap(compiled).map(toWrite);
    expect(items.length).toBeGreaterThan(ITEM_TYPES.size);
    const { faults, texts } = await exported(version, items);
    expect(faults).toEqual([]);
    expect(texts.get('imsmanifest.xml')).toContain('<manifest ');
  });

  test('with items of every interaction that is imported', async () => {
    const reading = await readPackage(fixturePackage());
    expect((await exported(version, reading.items.map(toWrite))).faults).toEqual([]);
  });

  test('with HTML it does not take, whose words it keeps; what went is said', async () => {
    const { faults, texts, files } = await exported(version, [toWrite(loose)]);
    expect(faults).toEqual([]);
    const text = texts.get('items/1-loose.xml') ?? '';
    expect(text.match(/words/g)).toHaveLength(JSON.stringify(loose).match(/words/g)?.length ?? 0);
    expect(text).toContain('identifier="id-1-loose"');
    const codes = new Set(files[0]?.losses.map((one) => one.code));
    const lost =
      version === '3.0' ? ['element-unwrapped', 'attribute-left-out'] : ['element-unwrapped'];
    expect(codes).toEqual(new Set(lost));
  });
});

const { bytes } = realPackage;
const real = bytes === null ? test.skip : test;

real.each(EXPORT_VERSIONS)('the real package follows the schema as QTI %s', async (version) => {
  const reading = await readPackage(bytes ?? Buffer.alloc(0));
  expect((await exported(version, reading.items.map(toWrite))).faults).toEqual([]);
});

test.each([
  ['<qti-item-body>', '<qti-item-body>text', 'text in <qti-item-body>'],
  ['<qti-prompt>Do it.</qti-prompt>', '<p>Do it.</p>', '<p> in <qti-choice-interaction>'],
  ['max-choices="1"', 'max-choices="-1"', 'max-choices="-1" on <qti-choice-interaction>'],
  ['identifier="B"', '', '<qti-simple-choice> without identifier'],
  ['cardinality="single"', 'cardinality="one"', 'cardinality="one" on <qti-response-declaration>'],
])('the check itself finds what is broken: %s as %s', (right, wrong, fault) => {
  const xml = fixtureXml('single-choice');
  expect(xml).toContain(right);
  expect(schemaFaults(xml.replace(right, wrong))).toContain(fault);
});
