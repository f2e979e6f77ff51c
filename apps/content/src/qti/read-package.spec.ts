import fc from 'fast-check';
import {
  choiceXml,
  declaration,
  itemXml,
  manifestOf,
  packageOf,
  testXml,
  zipOf,
} from '../../test/qti/packages.js';
import { readPackage } from './read-package.js';

const good = itemXml({ identifier: 'good' });
const outcomes = async (zip: Buffer) =>
  (await readPackage(zip)).files.map(({ file, outcome }) => [file, outcome]);

test('items and the test are imported, other files are ignored with a reason', async () => {
  const zip = zipOf({
    'imsmanifest.xml': manifestOf(['items/a.xml'], 'test.xml'),
    'items/a.xml': good,
    'test.xml': testXml(['items/a.xml']),
    'sound.mp3': 'not music',
    'notes.xml': '<notes/>',
  });
  const reading = await readPackage(zip);
  expect(reading.identifier).toBe('package');
  expect(reading.items.map(({ file, identifier }) => [file, identifier])).toEqual([
    ['items/a.xml', 'good'],
  ]);
  expect(reading.test?.sections[0]?.members).toMatchObject([{ file: 'items/a.xml' }]);
  expect(reading.files).toEqual([
    { file: 'imsmanifest.xml', outcome: 'imported', losses: [], warnings: [] },
    { file: 'items/a.xml', outcome: 'imported', losses: [], warnings: [] },
    { file: 'test.xml', outcome: 'imported', losses: [], warnings: [] },
    {
      file: 'sound.mp3',
      outcome: 'ignored',
      reason: 'No item that was imported uses it.',
      losses: [],
      warnings: [],
    },
    {
      file: 'notes.xml',
      outcome: 'ignored',
      reason: 'The manifest does not name it as an item or a test.',
      losses: [],
      warnings: [],
    },
  ]);
});

describe('one bad item is refused with its line, and the rest is imported', () => {
  const doctype = good.replace('<qti-assessment-item', '<!DOCTYPE x [\n]>\n<qti-assessment-item');
  const tooMany = itemXml({
    declarations: declaration({ cardinality: 'multiple', correct: ['A', 'B'] }),
    body: choiceXml('max-choices="1"'),
  });

  test.each<[string, string, number]>([
    ['malformed XML', good.replace('</qti-item-body>', ''), 9],
    ['a DOCTYPE', doctype, 2],
    ['an unknown entity', good.replace('An item', '&item;'), 2],
    ['a key that is no choice', itemXml({ declarations: declaration({ correct: ['Z'] }) }), 6],
    ['a key beyond its own limits', tooMany, 6],
    ['nesting without end', '<a>'.repeat(100_000), 1],
  ])('%s', async (_, xml, line) => {
    const zip = packageOf({
      'bad.xml': xml,
      'good.xml': good,
      'test.xml': testXml(['bad.xml', 'good.xml']),
    });
    const reading = await readPackage(zip);
    expect(reading.items.map((item) => item.file)).toEqual(['good.xml']);
    expect(reading.files.find((one) => one.file === 'bad.xml')).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/\.$/),
      line,
    });
    expect(reading.test?.sections[0]?.members).toMatchObject([{ file: 'good.xml' }]);
    expect(reading.test?.losses).toMatchObject([
      { code: 'item-left-out', detail: expect.stringContaining('bad.xml was not imported') },
    ]);
  });

  test('a file the manifest names and the zip lacks', async () => {
    const zip = zipOf({ 'imsmanifest.xml': manifestOf(['gone.xml', 'a.xml']), 'a.xml': good });
    const { files, items } = await readPackage(zip);
    expect(items).toHaveLength(1);
    expect(files).toContainEqual({
      file: 'gone.xml',
      outcome: 'refused',
      reason: 'The file is not in the zip.',
      losses: [],
      warnings: [],
    });
  });

  test('an identifier that another item has', async () => {
    expect(await outcomes(packageOf({ 'a.xml': good, 'b.xml': good }))).toEqual([
      ['imsmanifest.xml', 'imported'],
      ['a.xml', 'imported'],
      ['b.xml', 'refused'],
    ]);
  });

  test('a path that leads out of the package', async () => {
    expect(await outcomes(packageOf({ 'a.xml': good, '../evil.xml': good }))).toEqual([
      ['imsmanifest.xml', 'imported'],
      ['a.xml', 'imported'],
      ['../evil.xml', 'refused'],
    ]);
  });
});

test('a broken test does not cost the items, and a second test is ignored', async () => {
  const broken = await readPackage(packageOf({ 'a.xml': good, 'test.xml': '<broken' }));
  expect(broken).toMatchObject({ test: null, items: [{ identifier: 'good' }] });

  const manifest = manifestOf(['a.xml'], 'test.xml').replace(
    '</resources>',
    '<resource identifier="x" type="imsqti_test_xmlv3p0" href="two.xml"/>' +
      '<resource identifier="y" type="imsqti_item_xmlv2p0" href="old.xml"/></resources>',
  );
  const test = testXml(['a.xml']);
  const files = { 'a.xml': good, 'test.xml': test, 'two.xml': test, 'old.xml': '<x/>' };
  expect(await outcomes(zipOf({ 'imsmanifest.xml': manifest, ...files }))).toEqual([
    ['imsmanifest.xml', 'imported'],
    ['a.xml', 'imported'],
    ['test.xml', 'imported'],
    ['two.xml', 'ignored'],
    ['old.xml', 'refused'],
  ]);
});

test.each<[string, Buffer, string]>([
  ['bytes that are no zip', Buffer.from('not a zip'), 'not-a-zip'],
  ['a zip without a manifest', zipOf({ 'a.xml': good }), 'manifest-missing'],
  ['a manifest in a folder', zipOf({ 'x/imsmanifest.xml': manifestOf([]) }), 'manifest-missing'],
  ['a broken manifest', zipOf({ 'imsmanifest.xml': '<manifest>' }), 'manifest-unreadable'],
  ['another document', zipOf({ 'imsmanifest.xml': '<html/>' }), 'manifest-unreadable'],
  ['a DOCTYPE', zipOf({ 'imsmanifest.xml': '<!DOCTYPE m><manifest/>' }), 'manifest-unreadable'],
  ['zeros without end', zipOf({ 'a.xml': new Uint8Array(20_000_000) }), 'package-too-large'],
])('%s is refused as a whole', async (_, zip, code) => {
  await expect(readPackage(zip)).rejects.toMatchObject({
    name: 'Refusal',
    kind: 'unprocessable',
    code,
    message: expect.stringMatching(/\.$/),
  });
});

test('whatever a byte is changed to, the package is read or refused', async () => {
  const zip = packageOf({ 'a.xml': good, 'test.xml': testXml(['a.xml']) });
  const change = fc.record({ at: fc.nat(zip.length - 1), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = Buffer.from(zip);
      for (const { at, to } of changes) bytes[at] = to;
      const result = await readPackage(bytes).catch((error: unknown) => error);
      if (result instanceof Error) expect(result.name).toBe('Refusal');
    }),
    { numRuns: 300 },
  );
});

test('whatever is in the XML, nothing but a refusal of that file comes of it', async () => {
  const pieces = good.split(/(?<=>)/);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(pieces, { minLength: 1 }), async (some) => {
      const xml = pieces.filter((piece) => some.includes(piece)).join('');
      const { files } = await readPackage(packageOf({ 'a.xml': xml }));
      expect(['imported', 'refused']).toContain(files[1]?.outcome);
    }),
  );
});
