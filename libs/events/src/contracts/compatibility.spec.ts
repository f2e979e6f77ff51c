import fc from 'fast-check';
import { accepts } from '../../test/accepts.js';
import { breakingChanges } from './compatibility.js';
import type { JsonSchema } from './json-schema.js';

const BEFORE: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', format: 'uuid' },
    title: { type: 'string', minLength: 1, maxLength: 200 },
    note: { type: ['null', 'string'] },
    points: { type: 'number', minimum: 0, maximum: 100 },
    status: { type: 'string', enum: ['a', 'b'] },
    level: { type: 'string', pattern: '^[A-C]$' },
    price: { type: 'number', multipleOf: 0.01 },
    body: { type: 'object' },
    items: {
      type: 'array',
      minItems: 1,
      maxItems: 5,
      items: {
        type: 'object',
        properties: {
          slot: { type: 'integer', minimum: 1 },
          map: { type: 'object', additionalProperties: { type: 'string' } },
        },
        required: ['slot'],
      },
    },
  },
  required: ['body', 'id', 'items', 'level', 'points', 'price', 'status', 'title'],
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test takes it apart as it likes
type Draft = any;

/** The schema with something done to it. */
function after(change: (schema: Draft) => void): JsonSchema {
  const schema = structuredClone(BEFORE);
  change(schema);
  return schema;
}

/** Paths and whose trouble a change is: consumers that are running, or events published before. */
function found(schema: JsonSchema): string[] {
  return breakingChanges(BEFORE, schema).map(({ path, message }) => {
    const consumers = message.includes('consumers that run the version before');
    const events = message.includes('events published before');
    return `${path} ${consumers ? 'consumers' : events ? 'events' : 'other'}`;
  });
}

describe('a minor version', () => {
  it.each<[string, (schema: Draft) => void]>([
    ['changes nothing', () => undefined],
    ['adds an optional field', (s) => (s.properties.locale = { type: ['null', 'string'] })],
    ['adds one to elements', (s) => (s.properties.items.items.properties.x = { type: 'string' })],
    ['lists fields in another order', (s) => (s.required = [...s.required].reverse())],
    ['lists values in another order', (s) => (s.properties.status.enum = ['b', 'a'])],
    ['names another dialect', (s) => (s.$schema = 'https://json-schema.org/draft/next/schema')],
  ])('%s', (_, change) => {
    expect(breakingChanges(BEFORE, after(change))).toEqual([]);
  });
});

describe('a breaking change is found with its path and who would suffer', () => {
  it.each<[string, (schema: Draft) => void, string[]]>([
    ['a field removed', (s) => delete s.properties.note, ['$.note other']],
    [
      'a required field removed',
      (s) => {
        delete s.properties.title;
        s.required.splice(s.required.indexOf('title'), 1);
      },
      ['$.title other'],
    ],
    [
      'a field renamed',
      (s) => {
        s.properties.remark = s.properties.note;
        delete s.properties.note;
      },
      ['$.note other'],
    ],
    [
      'a required field added',
      (s) => {
        s.properties.locale = { type: 'string' };
        s.required.push('locale');
      },
      ['$.locale events'],
    ],
    ['an optional field made required', (s) => s.required.push('note'), ['$.note events']],
    ['a required field made optional', (s) => s.required.shift(), ['$.body consumers']],
    ['null allowed', (s) => (s.properties.id.type = ['null', 'string']), ['$.id consumers']],
    ['null forbidden', (s) => (s.properties.note.type = 'string'), ['$.note events']],
    ['another type', (s) => (s.properties.id.type = 'integer'), ['$.id consumers', '$.id events']],
    ['fractions allowed', (s) => (slot(s).type = 'number'), ['$.items[].slot consumers']],
    ['fractions forbidden', (s) => (s.properties.points.type = 'integer'), ['$.points events']],
    ['any type allowed', (s) => delete s.properties.body.type, five('$.body consumers')],
    ['a value added', (s) => s.properties.status.enum.push('c'), ['$.status consumers']],
    ['a value removed', (s) => s.properties.status.enum.pop(), ['$.status events']],
    ['values freed', (s) => delete s.properties.status.enum, ['$.status consumers']],
    ['values fixed', (s) => (s.properties.title.enum = ['x']), ['$.title events']],
    ['a longer text', (s) => (s.properties.title.maxLength = 300), ['$.title consumers']],
    ['a shorter text', (s) => (s.properties.title.maxLength = 100), ['$.title events']],
    ['no longest text', (s) => delete s.properties.title.maxLength, ['$.title consumers']],
    ['a first longest text', (s) => (s.properties.note.maxLength = 9), ['$.note events']],
    ['an empty text', (s) => (s.properties.title.minLength = 0), ['$.title consumers']],
    ['a longer least text', (s) => (s.properties.title.minLength = 2), ['$.title events']],
    ['a lower minimum', (s) => (s.properties.points.minimum = -1), ['$.points consumers']],
    ['a higher minimum', (s) => (s.properties.points.minimum = 1), ['$.points events']],
    ['a higher maximum', (s) => (s.properties.points.maximum = 101), ['$.points consumers']],
    ['a lower maximum', (s) => (s.properties.points.maximum = 99), ['$.points events']],
    ['more elements', (s) => (s.properties.items.maxItems = 6), ['$.items consumers']],
    ['fewer elements', (s) => (s.properties.items.maxItems = 4), ['$.items events']],
    ['no elements', (s) => (s.properties.items.minItems = 0), ['$.items consumers']],
    ['more least elements', (s) => (s.properties.items.minItems = 2), ['$.items events']],
    ['no format', (s) => delete s.properties.id.format, ['$.id consumers']],
    ['another format', (s) => (s.properties.id.format = 'uri'), ['$.id events']],
    ['a first format', (s) => (s.properties.title.format = 'uuid'), ['$.title events']],
    ['another pattern', (s) => (s.properties.level.pattern = '^[A-D]$'), ['$.level events']],
    ['no pattern', (s) => delete s.properties.level.pattern, ['$.level consumers']],
    ['other decimals', (s) => (s.properties.price.multipleOf = 0.1), ['$.price events']],
    ['a field of elements', (s) => (slot(s).minimum = 2), ['$.items[].slot events']],
    [
      'values of a map',
      (s) => (map(s).additionalProperties = { type: 'number' }),
      ['$.items[].map.* consumers', '$.items[].map.* events'],
    ],
    ['a map freed', (s) => delete map(s).additionalProperties, ['$.items[].map.* consumers']],
    ['fields of a map', (s) => (map(s).properties = { x: {} }), ['$.items[].map.x consumers']],
    [
      'an object closed',
      (s) => (s.properties.body.additionalProperties = false),
      ['$.body.* events'],
    ],
    ['a word no rule knows', (s) => (s.properties.body.not = {}), ['$.body other']],
  ])('%s', (_, change, expected) => {
    expect(found(after(change))).toEqual(expected);
  });

  it('says it in a sentence', () => {
    const [change] = breakingChanges(
      BEFORE,
      after((s) => (s.properties.title.maxLength = 100)),
    );
    expect(change?.message).toBe(
      '$.title has maxLength 100 instead of 200: events published before would be refused.',
    );
  });

  it('several at once are all found', () => {
    const schema = after((s) => {
      s.properties.status.enum = ['a', 'c'];
      s.properties.points.minimum = 5;
    });
    expect(found(schema)).toEqual(['$.points events', '$.status consumers', '$.status events']);
  });
});

function slot(schema: Draft): JsonSchema {
  return schema.properties.items.items.properties.slot;
}

function map(schema: Draft): JsonSchema {
  return schema.properties.items.items.properties.map;
}

function five(text: string): string[] {
  return Array.from({ length: 5 }, () => text);
}

const FIELDS: JsonSchema[] = [
  { type: 'string' },
  { type: 'string', maxLength: 1 },
  { type: ['null', 'string'], maxLength: 1 },
  { type: 'string', enum: ['a', 'bb'] },
  { type: 'string', enum: ['a'] },
  { type: 'integer' },
  { type: 'number', minimum: 1 },
  { type: 'array', items: { type: 'string' }, maxItems: 1 },
  { type: 'array' },
  { type: 'object', additionalProperties: { type: 'integer' } },
  { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] },
  { type: 'object', properties: { x: { type: 'integer' } } },
  {},
];
const VALUES = ['', 'a', 'bb', null, 0, 1.5, 2, true, [], ['a'], ['a', 'a'], [1], {}, { x: 1 }];

test('what one side may write, the other reads: both ways, for whatever passes as minor', () => {
  const fields = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.record({ schema: fc.constantFrom(...FIELDS), isRequired: fc.boolean() }),
  );
  const data = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.constantFrom(...VALUES, { x: 'a' }),
  );
  const schemaOf = (all: Record<string, { schema: JsonSchema; isRequired: boolean }>) => ({
    type: 'object' as const,
    properties: Object.fromEntries(Object.entries(all).map(([name, one]) => [name, one.schema])),
    required: Object.keys(all).filter((name) => all[name]?.isRequired),
  });
  let minor = 0;
  fc.assert(
    fc.property(fields, fields, fc.boolean(), data, (one, other, isGrown, value) => {
      const before = schemaOf(one);
      // Two schemas that have nothing to do with each other are hardly ever a minor step apart.
      const now = schemaOf(isGrown ? { ...other, ...one } : other);
      if (breakingChanges(before, now).length > 0) return;
      minor += 1;
      // Unknown fields are free, so a field that is new may not be in what an old producer wrote.
      const known = Object.entries(value).filter(([name]) =>
        Object.hasOwn(before.properties, name),
      );
      const old = Object.fromEntries(known);
      if (accepts(before, old)) expect(accepts(now, old)).toBe(true);
      if (accepts(now, value)) expect(accepts(before, value)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(minor).toBeGreaterThan(100);
});
