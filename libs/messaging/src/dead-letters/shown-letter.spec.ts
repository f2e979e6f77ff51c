import { envelope } from '../../test/fixtures.js';
import { textAttribute } from '../envelope/message-attributes.js';
import { receivedLetter } from './dead-letter.js';
import { shownLetter } from './shown-letter.js';

const QUEUE = {
  name: 'q-dlq',
  kind: 'unhandled',
  sourceName: 'q',
  consumer: 'gradebook',
  owner: 'grading',
} as const;

const shownOf = (body: unknown, attributes: Record<string, string> = {}) =>
  shownLetter(
    receivedLetter(
      {
        Body: typeof body === 'string' ? body : JSON.stringify(body),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, text]) => [name, textAttribute(text)]),
        ),
      },
      QUEUE,
    ),
  );

test('ids, types and times are shown; data only by its names and sizes', () => {
  const event = envelope({ data: { points: 12, remark: 'the essay of Ada' } });
  const shown = shownOf(event);
  expect(shown.envelope).toContainEqual({ name: 'id', bytes: 36, value: event.id });
  expect(shown.envelope).toContainEqual({ name: 'sequence', bytes: 1, value: '1' });
  expect(shown.data).toEqual([
    { name: 'points', bytes: 2, value: null },
    { name: 'remark', bytes: 16, value: null },
  ]);
  expect(JSON.stringify(shown)).not.toContain('Ada');
});

test.each([
  ['a text for an id', envelope({ subject: 'Ada Lovelace' })],
  ['a text for a type', envelope({ type: 'Ada Lovelace wrote' })],
  ['a text for a time', envelope({ time: 'Ada Lovelace' })],
  ['a key of its own', envelope({ partitionkey: 'Ada Lovelace' })],
  ['another field', { ...envelope(), note: 'Ada Lovelace' }],
  ['a name that is a text', { ...envelope(), 'Ada Lovelace wrote': 1 }],
  ['data that is a text', envelope({ data: 'Ada Lovelace' })],
  ['names of data that are texts', envelope({ data: { 'Ada Lovelace': 1 } })],
  ['a list', ['Ada Lovelace']],
  ['no JSON', 'Ada Lovelace'],
])('nothing anybody wrote is shown of %s', (_, body) => {
  expect(JSON.stringify(shownOf(body))).not.toContain('Ada');
});

test('attributes are shown by the same rule', () => {
  const shown = shownOf('{}', {
    ce_type: 'grading.scored.v1',
    error_code: 'schema',
    tenant: 'Ada Lovelace',
    note: 'Ada',
  });
  expect(shown.attributes).toEqual([
    { name: 'ce_type', bytes: 17, value: 'grading.scored.v1' },
    { name: 'error_code', bytes: 6, value: 'schema' },
    { name: 'tenant', bytes: 12, value: null },
    { name: 'note', bytes: 3, value: null },
  ]);
});

test('a body nobody can read is told of by its attributes, and why it is here by ours', () => {
  const { letter } = shownOf('{"specversion":', {
    ce_type: 'grading.scored.v1',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    error_code: 'not-json',
    error_fingerprint: '0123456789abcdef',
    receive_count: '3',
  });
  expect(letter).toMatchObject({
    type: 'grading.scored.v1',
    traceId: 'a'.repeat(32),
    errorCode: 'not-json',
    fingerprint: '0123456789abcdef',
    receiveCount: 3,
    eventId: null,
  });
});

test('what SQS moved by itself was received too often, alike for one type', () => {
  const [one, two] = [shownOf(envelope()).letter, shownOf(envelope()).letter];
  expect(one).toMatchObject({ errorCode: 'received-too-often', receiveCount: null });
  expect(one.fingerprint).toBe(two.fingerprint);
  expect(shownOf(envelope({ type: 'grading.other.v1' })).letter.fingerprint).not.toBe(
    one.fingerprint,
  );
});
