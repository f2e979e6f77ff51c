import { deflateRawSync } from 'node:zlib';
import { forged, zipOf } from '../../test/qti/packages.js';
import { PACKAGE_LIMITS } from './limits.js';
import { resolveHref } from './paths.js';
import { openArchive } from './zip.js';

const MIB = 1024 * 1024;

test('files are listed in the order of the zip and read as they went in', async () => {
  const archive = await openArchive(zipOf({ 'b.xml': 'two', 'a/é.xml': 'one', 'empty.xml': '' }));
  expect(archive.paths).toEqual(['b.xml', 'a/é.xml', 'empty.xml']);
  expect((await archive.read('a/é.xml')).toString()).toBe('one');
  expect(await archive.read('empty.xml')).toHaveLength(0);
  await expect(archive.read('c.xml')).rejects.toThrow('not in the zip');
});

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('<manifest/>')],
  ['a PDF', Buffer.from('%PDF-1.7 and so on')],
  ['half a zip', zipOf({ 'a.xml': 'x'.repeat(500) }).subarray(0, 100)],
  ['a zip with its listing overwritten', scrambled(zipOf({ 'a.xml': 'one', 'b.xml': 'two' }))],
])('%s is not a zip', async (_, bytes) => {
  await expect(openArchive(bytes)).rejects.toMatchObject({
    name: 'Refusal',
    kind: 'unprocessable',
    code: 'not-a-zip',
  });
});

function scrambled(zip: Buffer): Buffer {
  const at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  return Buffer.from(zip).fill(7, at, at + 60);
}

describe('a zip that costs too much is refused before or while it inflates', () => {
  const tooLarge = { kind: 'unprocessable', code: 'package-too-large' };

  test('by its own size', async () => {
    await expect(openArchive(Buffer.alloc(PACKAGE_LIMITS.zipBytes + 1))).rejects.toMatchObject(
      tooLarge,
    );
  });

  test('by the ratio of one file', async () => {
    const zeros = zipOf({ 'a.xml': new Uint8Array(5 * MIB) });
    expect(zeros.length).toBeLessThan(MIB / 10);
    await expect(openArchive(zeros)).rejects.toMatchObject(tooLarge);
  });

  test('by the sum of what its files declare', async () => {
    const zip = zipOf({ 'a.xml': 'a', 'b.bin': 'b', 'c.bin': 'c' });
    const size = 0.9 * MIB * 100;
    const heavy = forged(
      forged(zip, 'b.bin', 'uncompressedSize', size),
      'c.bin',
      'uncompressedSize',
      size,
    );
    await expect(openArchive(heavy)).rejects.toMatchObject(tooLarge);
  });

  test('by the number of its files', async () => {
    const files = Array.from({ length: PACKAGE_LIMITS.entries + 1 }, (_, n) => [`${n}`, '']);
    await expect(openArchive(zipOf(Object.fromEntries(files)))).rejects.toMatchObject(tooLarge);
  });

  test('by a file that declares less than it inflates to', async () => {
    const bomb = forged(
      zipOf({ 'a.xml': new Uint8Array(5 * MIB) }),
      'a.xml',
      'uncompressedSize',
      9,
    );
    expect(deflateRawSync(new Uint8Array(5 * MIB)).length).toBeLessThan(bomb.length);
    const archive = await openArchive(bomb);
    await expect(archive.read('a.xml')).rejects.toMatchObject(tooLarge);
  });
});

describe('one bad file does not cost the others', () => {
  const good = { 'good.xml': 'good' };

  test.each([
    ['../evil.xml', 'leads out of the package'],
    ['a/../../evil.xml', 'leads out of the package'],
    ['/etc/passwd', 'absolute'],
    ['C:/evil.xml', 'absolute'],
    ['a\\evil.xml', 'backslash'],
    ['evil\u0000.xml', 'control characters'],
  ])('the path %j is refused', async (path, reason) => {
    const archive = await openArchive(zipOf({ [path]: 'evil', ...good }));
    expect(archive.paths).toEqual(['good.xml']);
    expect(archive.refused).toEqual([
      { file: expect.any(String), reason: expect.stringContaining(reason) },
    ]);
    expect((await archive.read('good.xml')).toString()).toBe('good');
  });

  test('an encrypted file and a symbolic link are refused', async () => {
    const zip = zipOf({ 'secret.xml': 'x', 'link.xml': '/etc/passwd', ...good });
    const encrypted = forged(zip, 'secret.xml', 'flags', 1);
    const linked = forged(encrypted, 'link.xml', 'attributes', 0o120777 * 2 ** 16);
    const archive = await openArchive(linked);
    expect(archive.paths).toEqual(['good.xml']);
    expect(archive.refused.map((one) => one.reason)).toEqual([
      'The file is encrypted.',
      'It is a symbolic link.',
    ]);
  });

  test('a name that is there twice is the first of the two', async () => {
    const zip = zipOf({ 'a.xml': 'first', 'b.xml': 'second' });
    const bytes = Buffer.from(zip.toString('latin1').replaceAll('b.xml', 'a.xml'), 'latin1');
    const archive = await openArchive(bytes);
    expect(archive.refused).toEqual([{ file: 'a.xml', reason: 'It is in the zip twice.' }]);
    expect((await archive.read('a.xml')).toString()).toBe('first');
  });

  test('a file with a wrong checksum or size is damaged', async () => {
    const zip = zipOf({ 'bad.xml': 'some text', ...good });
    for (const bad of [
      forged(zip, 'bad.xml', 'crc', 1),
      forged(zip, 'bad.xml', 'uncompressedSize', 500),
    ]) {
      const archive = await openArchive(bad);
      await expect(archive.read('bad.xml')).rejects.toThrow('damaged');
      expect((await archive.read('good.xml')).toString()).toBe('good');
    }
  });

  test('a file above the limit for one file is refused alone', async () => {
    const prose = new Uint8Array(PACKAGE_LIMITS.fileBytes + 1).map((_, n) => (n * n * 31) >> 3);
    const archive = await openArchive(zipOf({ 'long.xml': prose, ...good }));
    await expect(archive.read('long.xml')).rejects.toThrow('larger than 5 MiB');
    expect((await archive.read('good.xml')).toString()).toBe('good');
  });
});

describe('a reference in a file', () => {
  test.each([
    ['test.xml', 'items/a.xml', 'items/a.xml'],
    ['tests/test.xml', '../items/a%20b.xml#x', 'items/a b.xml'],
    ['tests/test.xml', './a.xml', 'tests/a.xml'],
  ])('in %s, %s is %s', (from, href, path) => {
    expect(resolveHref(from, href, 1)).toBe(path);
  });

  test.each(['../a.xml', '/a.xml', 'https://example.org/a.xml', '//host/a.xml', 'file:a.xml', ''])(
    '%j leads nowhere in the package',
    (href) => {
      expect(() => resolveHref('test.xml', href, 7)).toThrow(expect.objectContaining({ line: 7 }));
    },
  );

  test.each(['a\\b.xml', '%2e%2e/a.xml', 'C:/a.xml'])('nor does %j', (href) => {
    expect(() => resolveHref('test.xml', href, 7)).toThrow();
  });
});
