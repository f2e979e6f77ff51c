import { readPackage } from '../../src/qti/index.js';
import type { PackageReading, QtiVersion } from '../../src/qti/index.js';
import { asQti2, FIXTURE_NAMES, fixturePackage, PICTURE, SOUND } from './fixtures.js';

const versions: Record<QtiVersion, PackageReading> = {} as never;

beforeAll(async () => {
  versions['3.0'] = await readPackage(fixturePackage());
  versions['2.2'] = await readPackage(fixturePackage((xml) => asQti2(xml, '2.2')));
  versions['2.1'] = await readPackage(fixturePackage((xml) => asQti2(xml, '2.1')));
});

const item = (version: QtiVersion, name: string) => {
  const found = versions[version].items.find((one) => one.identifier === name);
  if (found === undefined) throw new Error(`${name} was not imported`);
  return found;
};

test('every kind of question is imported, with its media by what they hold', () => {
  const { files, items, media } = versions['3.0'];
  expect(files.filter((one) => one.outcome !== 'imported')).toEqual([]);
  expect(items.map((one) => one.identifier)).toEqual(FIXTURE_NAMES);
  const bytes = [...media.values()].map((one) => [one.mediaType, one.bytes]);
  expect(bytes).toEqual([
    ['image/gif', PICTURE],
    ['audio/mpeg', SOUND],
  ]);
});

test.each(FIXTURE_NAMES)('%s is the same item in all three versions', (name) => {
  const [three, two] = [item('3.0', name), item('2.2', name)];
  expect(two.delivery).toEqual(three.delivery);
  expect(item('2.1', name).delivery).toEqual(three.delivery);
  expect(two.scoring).toEqual(three.scoring);
  expect([three.version, two.version]).toEqual(['3.0', '2.2']);
});

test('2.2 and 3.0 take case not to matter where an entry does not say, and say what follows', () => {
  const caseOf = (version: QtiVersion) =>
    item(version, 'text-entry').scoring.responses[0]?.mapping?.entries.map(
      (one) => one.caseSensitive,
    );
  expect([caseOf('2.1'), caseOf('2.2'), caseOf('3.0')]).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);
  const codes = (version: QtiVersion) => item(version, 'text-entry').losses.map((one) => one.code);
  for (const version of ['2.1', '2.2', '3.0'] as const) {
    expect(codes(version)).toEqual(['case-assumed']);
  }
});

test('pictures and sounds are references to what the package holds', () => {
  const { interactions, body } = item('3.0', 'listening').delivery;
  expect(interactions[0]).toMatchObject({ kind: 'media', maxPlays: 2, minPlays: 0 });
  expect(JSON.stringify(body)).toContain('"alt":"A map"');
  expect(item('3.0', 'select-point').delivery.interactions[0]).toMatchObject({
    kind: 'select-point',
    image: { mediaType: 'image/gif', sizeBytes: PICTURE.length, width: 100, height: 80 },
  });
});

test('a single answer that is a list here keeps its meaning in rules', () => {
  const { scoring } = item('3.0', 'hottext-one');
  expect(scoring.responses[0]).toMatchObject({ cardinality: 'ordered', correct: ['A'] });
  expect(JSON.stringify(scoring.processing)).toContain(
    '{"op":"index","n":1,"of":[{"op":"variable","identifier":"RESPONSE"}]}',
  );
});

test('an essay waits for a person whatever the version says of it', () => {
  expect(item('2.1', 'essay').scoring).toMatchObject({ externalScored: true, pointsPossible: 6 });
  expect(item('2.2', 'upload').scoring.parts).toMatchObject([{ humanScored: true }]);
});
