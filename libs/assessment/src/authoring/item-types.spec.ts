import { SOURCES } from '../../test/sources.js';
import { compileItem, ITEM_TYPES, itemSourceSchemas } from '../index.js';
import type { ItemDelivery } from '../index.js';

test('there is a source of every item type', () => {
  expect(Object.keys(SOURCES).toSorted()).toEqual([...ITEM_TYPES.keys()].toSorted());
});

test('every item type has a JSON Schema of its source, closed to unknown fields', () => {
  const schemas = itemSourceSchemas();
  expect(Object.keys(schemas)).toEqual([...ITEM_TYPES.keys()]);
  for (const [type, schema] of Object.entries(schemas)) {
    expect(schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { type: { const: type }, identifier: {}, title: {}, points: {}, stimulus: {} },
    });
  }
});

/** Every name of a field in a tree of JSON. */
function fieldNames(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return [];
  if (Array.isArray(json)) return json.flatMap(fieldNames);
  return Object.entries(json).flatMap(([name, value]) => [name, ...fieldNames(value)]);
}

/** All that an interaction or a body may have; a key or a rule would need a name of its own. */
const DELIVERED = new Set(
  (
    'schema identifier title language stimulus body interactions kind responseId cardinality ' +
    'shuffle minChoices maxChoices prompt choices id fixed content name attributes children text ' +
    'baseType expectedLength expectedWords minWords maxWords layout sources targets matchMax ' +
    'matchMin minAssociations maxAssociations gaps required gapId media sha256 mediaType ' +
    'sizeBytes durationSeconds alt minPlays maxPlays minSeconds maxSeconds maxBytes maxTakes'
  ).split(' '),
);

describe.each(Object.entries(SOURCES))('%s', (_, source) => {
  const compiled = compileItem(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  const { delivery, scoring, warnings } = compiled.item;

  test('becomes an item without warnings', () => {
    expect(warnings).toEqual([]);
    expect(delivery).toMatchObject({ identifier: source.identifier, language: 'en' });
  });

  test('delivers nothing but what is shown', () => {
    const names = new Set(fieldNames(delivery));
    expect([...names].filter((name) => !DELIVERED.has(name))).toEqual([]);
  });

  test('scores every interaction once that can be answered, for points that add up', () => {
    const answered = delivery.interactions.filter((one) => one.kind !== 'media');
    expect(scoring.parts.map((part) => part.responseId)).toEqual(
      answered.map((one) => one.responseId),
    );
    expect(scoring.responses.map((one) => one.identifier)).toEqual(
      scoring.parts.map((part) => part.responseId),
    );
    const sum = scoring.parts.reduce((total, part) => total + (part.pointsPossible ?? 0), 0);
    expect(scoring.pointsPossible).toBeCloseTo(sum, 9);
    expect(scoring.processing).toEqual({ kind: 'parts' });
  });

  test('shows every interaction in its body', () => {
    const shown = JSON.stringify(delivery.body);
    for (const { responseId } of delivery.interactions) {
      expect(shown).toContain(`{"kind":"interaction","responseId":"${responseId}"}`);
    }
  });

  test('comes out the same again', () => {
    expect(compileItem(structuredClone(source))).toEqual(compiled);
  });
});

function compiledOf(source: unknown) {
  const compiled = compileItem(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.item;
}

function shownTexts(delivery: ItemDelivery): string[] {
  const [interaction] = delivery.interactions;
  if (interaction === undefined || !('choices' in interaction)) return [];
  return interaction.choices.map((choice) =>
    'content' in choice
      ? choice.content.map((node) => ('text' in node ? node.text : '')).join('')
      : '',
  );
}

describe('ids of choices', () => {
  const key = (identifier: string) =>
    compiledOf({ ...SOURCES['single-choice'], identifier }).scoring.responses[0]?.correct?.[0];

  test('do not follow the order of the author, who writes the right one first', () => {
    const keys = Array.from({ length: 60 }, (_, index) => key(`item-${index}`));
    for (const id of ['A', 'B', 'C']) {
      expect(keys.filter((one) => one === id).length).toBeGreaterThan(8);
    }
  });

  test('stay when a text or the key is corrected', () => {
    const [first, second, third] = SOURCES['single-choice'].choices;
    const corrected = [
      { ...first, text: 'goes ', correct: false },
      { ...second, correct: true },
      third,
    ];
    const before = compiledOf(SOURCES['single-choice']);
    const after = compiledOf({ ...SOURCES['single-choice'], choices: corrected });
    expect(shownTexts(before.delivery)).toEqual(['go', 'going', 'goes']);
    expect(shownTexts(after.delivery)).toEqual(['go', 'going', 'goes ']);
    expect(after.scoring.responses[0]?.correct).toEqual(['A']);
  });

  test('are what the author says, where the author says', () => {
    const choices = [
      { text: 'a', id: 'x1', correct: true },
      { text: 'b', id: 'x2' },
    ];
    const { scoring } = compiledOf({ ...SOURCES['single-choice'], choices });
    expect(scoring.responses[0]?.correct).toEqual(['x1']);
  });

  test('of a choice that keeps its place stand where it was written', () => {
    const choices = [
      { text: 'a', correct: true },
      { text: 'b' },
      { text: 'c' },
      { text: 'none of these', fixed: true },
    ];
    const { delivery } = compiledOf({ ...SOURCES['single-choice'], choices });
    expect(shownTexts(delivery).at(-1)).toBe('none of these');
  });
});

describe('words to be put in order', () => {
  test.each(Array.from({ length: 20 }, (_, index) => `order-${index}`))(
    'are not shown in a right order (%s)',
    (identifier) => {
      const source = {
        ...SOURCES['word-order'],
        identifier,
        sentence: 'she / walks / home',
        alsoAccept: ['home / she / walks'],
      };
      const shown = shownTexts(compiledOf(source).delivery).join(' ');
      expect(['she walks home', 'home she walks']).not.toContain(shown);
    },
  );

  test('have as many right orders as a movable chunk has places', () => {
    const { scoring } = compiledOf({
      ...SOURCES['word-order'],
      sentence: 'she often eats fish',
      alsoAccept: [],
      movable: [{ chunk: 'often', places: [0, 1, 3] }],
    });
    const [part] = scoring.parts;
    const [she, often, eats, fish] = scoring.responses[0]?.correct ?? [];
    expect(part?.scoring).toMatchObject({
      alternatives: [
        [often, she, eats, fish],
        [she, eats, fish, often],
      ],
    });
  });

  test('that are there twice may stand for each other', () => {
    const { scoring } = compiledOf({
      ...SOURCES['word-order'],
      sentence: 'the cat saw the dog',
      alsoAccept: [],
    });
    const correct = scoring.responses[0]?.correct ?? [];
    expect(scoring.parts[0]?.scoring).toMatchObject({
      interchangeable: [[correct[0], correct[3]]],
    });
  });
});

describe('points', () => {
  test('of the whole are shared among the parts to the last millionth', () => {
    const source = { ...SOURCES['gap-fill'], points: 10 };
    const { scoring } = compiledOf(source);
    expect(scoring.parts.map((part) => part.pointsPossible)).toEqual([
      3.333334, 3.333333, 3.333333,
    ]);
    expect(scoring.pointsPossible).toBe(10);
  });

  test('of a part are its weight where the whole has points', () => {
    const [first, second] = SOURCES['true-false'].statements;
    const statements = [{ ...first, points: 3 }, second];
    const parts = (source: object) =>
      compiledOf({ ...SOURCES['true-false'], statements, ...source }).scoring.parts.map(
        (part) => part.pointsPossible,
      );
    expect(parts({})).toEqual([3, 1]);
    expect(parts({ points: 2 })).toEqual([1.5, 0.5]);
  });

  test.each([0.1, 2.5, 0.333333])('may be %d', (points) => {
    expect(compiledOf({ ...SOURCES['single-choice'], points }).scoring.pointsPossible).toBe(points);
  });
});

test('a stimulus is named by what it holds', () => {
  const stimulus = { title: 'A letter', text: 'Dear Ann,\n\nI am well.' };
  const one = compiledOf({ ...SOURCES['single-choice'], stimulus }).delivery.stimulus;
  const other = compiledOf({ ...SOURCES.matching, stimulus }).delivery.stimulus;
  const changed = { ...stimulus, title: 'A note' };
  expect(one).toEqual(other);
  expect(one?.id).toMatch(/^[0-9a-f]{64}$/);
  expect(compiledOf({ ...SOURCES.matching, stimulus: changed }).delivery.stimulus?.id).not.toBe(
    one?.id,
  );
});
