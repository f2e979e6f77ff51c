import fc from 'fast-check';
import type { ItemDelivery, TestItem, TestSection, TestStructure } from '../index.js';
import { assembleForm, shuffleChoices } from '../index.js';

const item = (identifier: string, given: Partial<TestItem> = {}): TestItem => ({
  identifier,
  itemVersionId: `version of ${identifier}`,
  fixed: false,
  ...given,
});

const section = (id: string, given: Partial<TestSection> = {}): TestSection => ({
  id,
  title: id,
  instructions: [],
  select: null,
  shuffle: false,
  items: [],
  ...given,
});

const testOf = (...sections: TestSection[]): TestStructure => ({ title: 'Test', sections });
const items = (...names: string[]) => names.map((name) => item(name));
const namesIn = (test: TestStructure, seed = 'seed') =>
  assembleForm(test, seed).map((one) => one.identifier);

test('without selection or shuffle a form is the test in its order', () => {
  const test = testOf(
    section('1', { items: items('a', 'b') }),
    section('2', { items: items('c') }),
  );
  expect(assembleForm(test, 'seed')).toEqual([
    {
      position: 0,
      identifier: 'a',
      itemVersionId: 'version of a',
      sectionId: '1',
      sectionPath: ['1'],
    },
    {
      position: 1,
      identifier: 'b',
      itemVersionId: 'version of b',
      sectionId: '1',
      sectionPath: ['1'],
    },
    {
      position: 2,
      identifier: 'c',
      itemVersionId: 'version of c',
      sectionId: '2',
      sectionPath: ['2'],
    },
  ]);
});

test('a selection without shuffle keeps the order of the author', () => {
  const names = [...'abcdefgh'];
  const form = namesIn(testOf(section('1', { select: 4, items: items(...names) })));
  expect(form).toHaveLength(4);
  expect(form).toEqual(form.toSorted());
});

test('required items are in every form, even when there are more than it asks for', () => {
  const members = [...items('a', 'b', 'c'), item('d', { required: true })];
  const more = [...items('a'), item('b', { required: true }), item('c', { required: true })];
  for (let seed = 0; seed < 50; seed += 1) {
    expect(namesIn(testOf(section('1', { select: 2, items: members })), `${seed}`)).toContain('d');
    const tight = testOf(section('1', { select: 1, items: more }));
    expect(namesIn(tight, `${seed}`)).toEqual(['b', 'c']);
  }
});

test('a fixed item keeps its place while the others move', () => {
  const members = [item('first', { fixed: true }), ...items('b', 'c', 'd', 'e')];
  const forms = Array.from({ length: 30 }, (_, seed) =>
    namesIn(testOf(section('1', { shuffle: true, items: members })), `${seed}`),
  );
  expect(new Set(forms.map((form) => form[0]))).toEqual(new Set(['first']));
  expect(new Set(forms.map(String)).size).toBeGreaterThan(5);
});

test('a section within a section counts as one and stays together', () => {
  const nested = section('text', { required: true, items: items('q1', 'q2', 'q3') });
  const test = testOf(
    section('1', { select: 2, shuffle: true, items: [...items('a', 'b'), nested] }),
  );
  for (let seed = 0; seed < 30; seed += 1) {
    const form = assembleForm(test, `${seed}`);
    expect(form).toHaveLength(4);
    const inner = form.filter((one) => one.sectionId === 'text');
    expect(inner.map((one) => one.identifier)).toEqual(['q1', 'q2', 'q3']);
    expect(inner.map((one) => one.sectionPath)).toEqual([1, 2, 3].map(() => ['1', 'text']));
    expect(inner[2]!.position - inner[0]!.position).toBe(2);
  }
});

test('each item is as likely to be selected', () => {
  const test = testOf(section('1', { select: 2, items: items(...'abcde') }));
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 2_000; seed += 1) {
    for (const name of namesIn(test, `learner ${seed}`)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  // Expected 800 each; five standard deviations are 5 * sqrt(2000 * 0.4 * 0.6), or 110.
  for (const name of 'abcde') expect(Math.abs((counts.get(name) ?? 0) - 800)).toBeLessThan(110);
});

const anySection = fc.record({
  size: fc.integer({ min: 0, max: 12 }),
  select: fc.option(fc.integer({ min: 0, max: 15 })),
  shuffle: fc.boolean(),
});

test('a form has the size asked for, no item twice, and is the same for the same seed', () => {
  fc.assert(
    fc.property(fc.array(anySection, { maxLength: 5 }), fc.string(), (shapes, seed) => {
      const sections = shapes.map(({ size, select, shuffle }, index) => {
        const names = Array.from({ length: size }, (_, n) => `${index}.${n}`);
        return section(`${index}`, { select, shuffle, items: items(...names) });
      });
      const form = assembleForm(testOf(...sections), seed);
      const size = shapes.reduce((sum, one) => sum + Math.min(one.select ?? one.size, one.size), 0);
      expect(form).toHaveLength(size);
      expect(new Set(form.map((one) => one.itemVersionId)).size).toBe(size);
      expect(form.map((one) => one.position)).toEqual([...form.keys()]);
      expect(assembleForm(testOf(...sections), seed)).toEqual(form);
    }),
  );
});

describe('the choices of an item', () => {
  const delivery = (shuffle: boolean): ItemDelivery => ({
    schema: 1,
    identifier: 'item',
    title: 'Item',
    body: [],
    interactions: [
      { kind: 'text-entry', responseId: 'GAP', baseType: 'string' },
      {
        kind: 'choice',
        responseId: 'RESPONSE',
        cardinality: 'single',
        shuffle,
        minChoices: 0,
        maxChoices: 1,
        choices: [...'ABCD', 'none of these'].map((id) => ({
          id,
          fixed: id === 'none of these',
          content: [],
        })),
      },
    ],
  });
  const order = (shuffle: boolean, seed: string) => {
    const interaction = shuffleChoices(delivery(shuffle), seed).interactions[1];
    return interaction?.kind === 'choice' ? interaction.choices.map((one) => one.id) : [];
  };

  test('stay as they are unless the item lets them move', () => {
    expect(order(false, 'seed')).toEqual([...'ABCD', 'none of these']);
  });

  test('move otherwise, all of them kept and the fixed one last', () => {
    const orders = Array.from({ length: 40 }, (_, seed) => order(true, `${seed}`));
    for (const one of orders) {
      expect(one.toSorted()).toEqual([...'ABCD', 'none of these'].toSorted());
      expect(one.at(-1)).toBe('none of these');
    }
    expect(new Set(orders.map(String)).size).toBeGreaterThan(10);
    expect(order(true, '1')).toEqual(order(true, '1'));
  });
});

describe('what a learner has seen', () => {
  const test = testOf(section('1', { select: 2, items: items('a', 'b', 'c', 'd') }));
  const drawn = (seen: Record<string, number>, seed = 'seed') =>
    assembleForm(
      test,
      seed,
      new Map(Object.entries(seen).map(([name, times]) => [`version of ${name}`, times])),
    ).map(({ identifier }) => identifier);

  it('is drawn only when nothing else is left', () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      expect(drawn({ a: 1, c: 1 }, seed)).toEqual(['b', 'd']);
      expect(drawn({ a: 1, b: 1, c: 1, d: 2 }, seed)).not.toContain('d');
    }
  });

  it('of equally often seen ones chance decides', () => {
    const seeds = Array.from({ length: 40 }, (_, index) => `seed ${index}`);
    const forms = new Set(seeds.map((seed) => drawn({ a: 1, b: 1, c: 1, d: 1 }, seed).join('')));
    expect(forms.size).toBeGreaterThan(3);
  });
});
