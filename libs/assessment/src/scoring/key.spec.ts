import { entries, mapTemplate, matchTemplate, response, spec } from '../../test/specs.js';
import { bestMapped, correctResponses, keyOf, maxValuesOf, scoreItem } from '../index.js';

test('the declared key is the answer', () => {
  const item = spec([response({ cardinality: 'multiple', correct: ['B', 'A'] })], matchTemplate);
  expect(correctResponses(item)).toEqual({ RESPONSE: ['B', 'A'] });
});

test('without a declared key, what the mapping pays most for is the answer', () => {
  const mapping = { entries: entries({ went: 1, 'has gone': 0.5, goed: -1 }), defaultValue: 0 };
  const item = spec([response({ baseType: 'string', mapping })], mapTemplate);
  expect(correctResponses(item)).toEqual({ RESPONSE: 'went' });
});

test('a multiple answer takes every paid entry, as far as its limit goes', () => {
  const mapping = { entries: entries({ A: 1, B: 2, C: -1, D: 0.5 }), defaultValue: 0 };
  const declaration = response({ cardinality: 'multiple', mapping });
  const limited = spec([declaration], mapTemplate, {
    parts: [{ responseId: 'RESPONSE', pointsPossible: 3, humanScored: false, maxValues: 2 }],
  });
  expect(correctResponses(limited)).toEqual({ RESPONSE: ['B', 'A'] });
  expect(scoreItem(limited, correctResponses(limited)).points).toBe(3);
  expect(bestMapped(declaration)).toBe(3.5);
  expect(bestMapped(declaration, 1)).toBe(2);
});

test('the best a mapping gives is held by its upper bound', () => {
  const mapping = { entries: entries({ A: 1, B: 2 }), defaultValue: 0, upperBound: 2.5 };
  expect(bestMapped(response({ cardinality: 'multiple', mapping }))).toBe(2.5);
});

test('an entry that an earlier one hides earns nothing extra', () => {
  const mapping = { entries: entries({ york: 0.5, York: 1 }, false), defaultValue: 0 };
  expect(bestMapped(response({ baseType: 'string', mapping }))).toBe(0.5);
});

test('a response without a key has no answer', () => {
  expect(correctResponses(spec([response({ baseType: 'string' })], { kind: 'none' }))).toEqual({});
});

test('the limit of an answer is that of its own part', () => {
  const item = spec(
    [
      response({ identifier: 'ONE', correct: ['A'] }),
      response({ identifier: 'TWO', correct: ['B'] }),
    ],
    matchTemplate,
    {
      parts: [
        { responseId: 'ONE', pointsPossible: 1, humanScored: false, maxValues: 3 },
        { responseId: 'TWO', pointsPossible: 1, humanScored: false, maxValues: 7 },
      ],
    },
  );
  expect(maxValuesOf(item, 'ONE')).toBe(3);
  expect(maxValuesOf(item, 'TWO')).toBe(7);
  expect(maxValuesOf(item, 'NONE')).toBe(Infinity);
});

test('the best of a single answer is one entry, of a record too', () => {
  const mapping = { entries: entries({ five: 1, '5': 2 }), defaultValue: 0 };
  expect(keyOf(response({ baseType: 'string', mapping }))).toBe('5');
  expect(bestMapped(response({ baseType: 'string', mapping }))).toBe(2);
  expect(keyOf(response({ cardinality: 'record', baseType: 'string', mapping }))).toBe('5');
  expect(bestMapped(response({ cardinality: 'record', baseType: 'string', mapping }))).toBe(2);
  expect(bestMapped(response())).toBe(0);
});
