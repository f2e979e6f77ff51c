import fc from 'fast-check';
import { type Candidate, drawForms, type DrawOptions, fits, type Pool } from './draw-forms.js';

const pool = (id: string, given: Partial<Pool> = {}): Pool => ({
  ...{ id, count: 1, common: 0, cefrLevels: [], skills: [], topics: [], types: [] },
  ...{ pointsEach: null, ...given },
});
const item = (itemVersionId: string, given: Partial<Candidate> = {}): Candidate => ({
  ...{ itemVersionId, cefrLevel: 'B1', skills: [], topics: [], type: 'gap-fill' },
  ...{ pointsPossible: 1, exposure: 0, ...given },
});
const items = (...names: string[]) => names.map((name) => item(name));
const options = (given: Partial<DrawOptions> = {}): DrawOptions => ({
  ...{ seed: 'seed', forms: 1, seen: new Set<string>(), maxExposure: null, ...given },
});
const namesOf = (drawn: ReturnType<typeof drawForms>) =>
  drawn.ok ? drawn.forms.map((form) => form.map((one) => one.itemVersionId)) : [];

describe('an item fits a pool', () => {
  it.each<[Partial<Pool>, Partial<Candidate>, boolean]>([
    [{}, {}, true],
    [{ cefrLevels: ['A2', 'B1'] }, { cefrLevel: 'B1' }, true],
    [{ cefrLevels: ['A2'] }, { cefrLevel: null }, false],
    [{ skills: ['reading', 'grammar'] }, { skills: ['grammar'] }, false],
    [{ skills: ['grammar'] }, { skills: ['grammar', 'reading'] }, true],
    [{ topics: ['travel', 'food'] }, { topics: ['food'] }, true],
    [{ topics: ['travel'] }, { topics: [] }, false],
    [{ types: ['essay'] }, { type: 'gap-fill' }, false],
    [{ pointsEach: 2 }, { pointsPossible: 1 }, false],
  ])('that asks for %j and is %j: %p', (wanted, given, expected) => {
    expect(fits(pool('p', wanted), item('i', given))).toBe(expected);
  });
});

test('an item that two pools want goes where nothing else fits', () => {
  const pools = [pool('any', { count: 1 }), pool('b2', { count: 1, cefrLevels: ['B2'] })];
  for (let seed = 0; seed < 20; seed += 1) {
    const bank = [item('only-b2', { cefrLevel: 'B2' }), item('other')];
    expect(namesOf(drawForms(pools, bank, options({ seed: `${seed}` })))).toEqual([
      ['other', 'only-b2'],
    ]);
  }
});

test('what was not seen comes first, then what was least exposed', () => {
  const bank = [
    ...[item('seen'), item('worn', { exposure: 9 }), item('fresh', { exposure: 1 })],
    item('new'),
  ];
  const drawn = (count: number) =>
    namesOf(drawForms([pool('p', { count })], bank, options({ seen: new Set(['seen']) })));
  expect(drawn(1)).toEqual([['new']]);
  expect(drawn(3)).toEqual([['new', 'fresh', 'worn']]);
  expect(drawn(4)).toEqual([['new', 'fresh', 'worn', 'seen']]);
});

test('pools that ask for too much are named, and who is held back by its exposure', () => {
  const bank = [...items('a', 'b', 'c'), item('worn', { exposure: 3 })];
  const pools = [
    pool('one', { count: 2, cefrLevels: ['B1'] }),
    pool('two', { count: 2, types: ['gap-fill'] }),
    pool('else', { count: 1, cefrLevels: ['C2'] }),
  ];
  const c2 = item('c2', { cefrLevel: 'C2', type: 'essay' });
  expect(drawForms(pools, [...bank, c2], options({ maxExposure: 3 }))).toEqual({
    ok: false,
    shortages: [{ poolIds: ['one', 'two'], needed: 4, available: 3, overexposed: 1 }],
  });
  expect(drawForms([pool('p', { count: 2 })], items('a'), options({ forms: 3 }))).toEqual({
    ok: false,
    shortages: [{ poolIds: ['p'], needed: 6, available: 1, overexposed: 0 }],
  });
});

test('parallel forms share the common items and no others', () => {
  const pools = [pool('p', { count: 3, common: 1 }), pool('q', { count: 1 })];
  const bank = items(...'abcdefghij');
  const [one = [], two = [], three = []] = namesOf(drawForms(pools, bank, options({ forms: 3 })));
  expect([one.length, two.length, three.length]).toEqual([4, 4, 4]);
  expect(one.filter((name) => two.includes(name))).toEqual([one[0]]);
  expect(new Set([...one, ...two, ...three]).size).toBe(10);
});

const LEVELS = ['A1', 'A2', 'B1'];
const TYPES = ['choice', 'essay'];
const anyPools = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    common: fc.integer({ min: 0, max: 1 }),
    cefrLevels: fc.subarray(LEVELS),
    types: fc.subarray(TYPES),
  }),
  { minLength: 1, maxLength: 3 },
);
const anyBank = fc.array(
  fc.record({
    cefrLevel: fc.constantFrom(...LEVELS, null),
    type: fc.constantFrom(...TYPES),
    exposure: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 14 },
);
const named = (shapes: Partial<Pool>[]) => shapes.map((shape, at) => pool(`p${at}`, shape));
const bankOf = (shapes: Partial<Candidate>[]) =>
  shapes.map((shape, at) => item(`i${String(at).padStart(2, '0')}`, shape));

test('every form keeps every constraint, and the same seed gives the same forms', () => {
  fc.assert(
    fc.property(anyPools, anyBank, fc.string(), fc.integer({ min: 1, max: 3 }), (p, b, seed, n) => {
      const [pools, bank] = [named(p), bankOf(b)];
      const drawn = drawForms(pools, bank, options({ seed, forms: n, maxExposure: 3 }));
      const again = drawForms(
        pools,
        bank.toReversed(),
        options({ seed, forms: n, maxExposure: 3 }),
      );
      expect(again).toEqual(drawn);
      if (!drawn.ok) return;
      const byId = new Map(bank.map((one) => [one.itemVersionId, one]));
      for (const form of drawn.forms) {
        expect(new Set(form.map((one) => one.itemVersionId)).size).toBe(form.length);
        for (const one of pools) {
          const own = form.filter(({ poolId }) => poolId === one.id);
          expect(own).toHaveLength(one.count);
          for (const { itemVersionId } of own) {
            expect(fits(one, byId.get(itemVersionId)!)).toBe(true);
            expect(byId.get(itemVersionId)!.exposure).toBeLessThan(3);
          }
        }
      }
      const uses = new Map<string, number>();
      for (const { itemVersionId } of drawn.forms.flat()) {
        uses.set(itemVersionId, (uses.get(itemVersionId) ?? 0) + 1);
      }
      const shared = [...uses.values()].filter((count) => count > 1).length;
      const common = pools.reduce((sum, one) => sum + one.common, 0);
      expect(shared).toBe(n === 1 ? 0 : common);
    }),
  );
});

test('a shortage is one indeed: the pools named need more than fits any of them', () => {
  fc.assert(
    fc.property(anyPools, anyBank, (p, b) => {
      const [pools, bank] = [named(p), bankOf(b)];
      const drawn = drawForms(pools, bank, options({ forms: 2 }));
      if (drawn.ok) return;
      for (const { poolIds, needed, available } of drawn.shortages) {
        const those = pools.filter(({ id }) => poolIds.includes(id));
        expect(needed).toBe(those.reduce((sum, one) => sum + 2 * one.count - one.common, 0));
        const fitting = bank.filter((one) => those.some((own) => fits(own, one)));
        expect(available).toBe(fitting.length);
        expect(available).toBeLessThan(needed);
      }
    }),
  );
});
