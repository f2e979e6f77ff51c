import { assembleForm, correctResponses, scoreItem } from '@parlance/assessment';
import { readPackage, testStructure } from '../../src/qti/index.js';
import type { PackageReading } from '../../src/qti/index.js';
import { realPackage } from './real-package.js';

const { bytes } = realPackage;
const real = bytes === null ? describe.skip : describe;

real('the real package', () => {
  let reading: PackageReading;

  beforeAll(async () => {
    if (bytes !== null) reading = await readPackage(bytes);
  });

  const specOf = (file: string) => {
    const item = reading.items.find((one) => one.file === file);
    if (item === undefined) throw new Error(`no item ${file}`);
    return item.scoring;
  };
  const formOf = (seed: string) => {
    if (reading.test === null) throw new Error('no test');
    return assembleForm(
      testStructure(reading.test, (file) => file),
      seed,
    );
  };

  test('has 52 items, 29 gaps and 23 choices, and none is refused', () => {
    expect(reading.items).toHaveLength(52);
    const kinds = reading.items.map((item) => item.delivery.interactions[0]?.kind);
    expect(kinds.filter((kind) => kind === 'text-entry')).toHaveLength(29);
    expect(kinds.filter((kind) => kind === 'choice')).toHaveLength(23);
    expect(reading.files.filter((one) => one.outcome !== 'imported')).toEqual([]);
    expect(reading.files.flatMap((one) => one.warnings)).toEqual([]);
  });

  test('has six sections, each with instructions, five of which select four', () => {
    const sections = reading.test?.sections ?? [];
    expect(sections.map((section) => section.select)).toEqual([4, 4, 4, 4, 4, null]);
    expect(sections.map((section) => section.members.length)).toEqual([10, 9, 9, 10, 10, 4]);
    expect(sections.every((section) => section.instructions.length > 0)).toBe(true);
    expect(reading.test?.pointsPossible).toBe(24);
  });

  test.each(['one', 'two', 'three'])('form %s has 24 items: keys earn 24, no answers 0', (seed) => {
    const form = formOf(seed);
    expect(form).toHaveLength(24);
    const specs = form.map((one) => specOf(one.itemVersionId));
    const total = (answer: typeof correctResponses) =>
      specs.reduce((sum, spec) => sum + (scoreItem(spec, answer(spec)).points ?? Number.NaN), 0);
    expect(total(correctResponses)).toBe(24);
    expect(total(() => ({}))).toBe(0);
    expect(specs.reduce((sum, spec) => sum + spec.pointsPossible, 0)).toBe(24);
  });

  test('every item gives all for its key and nothing for a wrong answer', () => {
    for (const { scoring } of reading.items) {
      const key = correctResponses(scoring);
      const [part] = scoreItem(scoring, key).parts;
      expect(part).toMatchObject({ verdict: 'correct', points: 1, pointsPossible: 1 });
      const wrong = Object.fromEntries(
        Object.entries(key).map(([id, value]) => [id, Array.isArray(value) ? ['x'] : 'x']),
      );
      expect(scoreItem(scoring, wrong)).toMatchObject({ points: 0, status: 'scored' });
    }
  });
});
