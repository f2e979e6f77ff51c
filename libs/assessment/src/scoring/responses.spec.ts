import fc from 'fast-check';
import type { ItemDelivery } from '../index.js';
import { MAX_GAP_LENGTH, validateResponses } from '../index.js';

const choices = ['A', 'B', 'C'].map((id) => ({ id, fixed: false, content: [] }));

const item: ItemDelivery = {
  schema: 1,
  identifier: 'item',
  title: 'Item',
  body: [],
  interactions: [
    {
      kind: 'choice',
      responseId: 'ONE',
      cardinality: 'single',
      shuffle: false,
      minChoices: 0,
      maxChoices: 1,
      choices,
    },
    {
      kind: 'choice',
      responseId: 'MANY',
      cardinality: 'multiple',
      shuffle: false,
      minChoices: 2,
      maxChoices: 2,
      choices,
    },
    { kind: 'text-entry', responseId: 'GAP', baseType: 'string' },
    { kind: 'inline-choice', responseId: 'MENU', shuffle: false, choices },
    { kind: 'extended-text', responseId: 'ESSAY' },
  ],
};

test('complete, partial and empty answers are without fault', () => {
  const complete = { ONE: 'A', MANY: ['A', 'C'], GAP: 'went', MENU: 'B', ESSAY: 'It was late.' };
  expect(validateResponses(item, complete)).toEqual([]);
  expect(validateResponses(item, { MANY: ['A'], ONE: null })).toEqual([]);
  expect(validateResponses(item, {})).toEqual([]);
});

test.each<[string, Record<string, unknown>, string, string]>([
  ['an unknown response', { X: 'A' }, '/responses/X', 'the item asks for no such answer'],
  ['an unknown choice', { ONE: 'Z' }, '/responses/ONE', 'is not a choice of this item'],
  ['a list for one choice', { ONE: ['A'] }, '/responses/ONE', 'identifier of one choice'],
  ['a text for a list', { MANY: 'A' }, '/responses/MANY', 'list of choice identifiers'],
  ['too many choices', { MANY: ['A', 'B', 'C'] }, '/responses/MANY', 'at most 2 choices'],
  ['a choice twice', { MANY: ['A', 'A'] }, '/responses/MANY', 'one choice twice'],
  ['a number', { GAP: 5 }, '/responses/GAP', 'must be a text'],
  ['NUL in a choice', { MENU: 'A\u0000' }, '/responses/MENU', 'is not a choice'],
  ['half a surrogate pair', { ONE: '\ud800' }, '/responses/ONE', 'is not a choice'],
  ['ten megabytes', { ESSAY: 'x'.repeat(10_000_000) }, '/responses/ESSAY', 'at most 1048576'],
  ['too much for a gap', { GAP: 'x'.repeat(MAX_GAP_LENGTH + 1) }, '/responses/GAP', 'at most 2000'],
  ['an odd name', { 'a/b~c': 'A' }, '/responses/a~1b~0c', 'no such answer'],
])('%s is a fault with a pointer to it', (_, responses, pointer, detail) => {
  expect(validateResponses(item, responses)).toEqual([
    { pointer, detail: expect.stringContaining(detail) },
  ]);
});

test('a text that holds control characters is taken: storing it cleans it', () => {
  expect(validateResponses(item, { GAP: 'we\u0000nt \ud800' })).toEqual([]);
});

test('anything that is not an object of answers is one fault', () => {
  for (const body of [null, undefined, 7, 'A', ['A']]) {
    expect(validateResponses(item, body, '/answers')).toEqual([
      { pointer: '/answers', detail: expect.any(String) },
    ]);
  }
});

test('a flood of unknown answers gives a bounded answer', () => {
  const flood = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`R${n}`, 'A']));
  expect(validateResponses(item, flood)).toHaveLength(20);
});

test('nothing that can be sent makes it throw', () => {
  const ids = fc.constantFrom('ONE', 'MANY', 'GAP', 'MENU', 'ESSAY', '__proto__');
  fc.assert(
    fc.property(fc.dictionary(ids, fc.anything()), (responses) => {
      expect(Array.isArray(validateResponses(item, responses))).toBe(true);
    }),
  );
});
