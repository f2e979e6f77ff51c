import type { Try } from '../load/history.js';
import { check } from './check.js';
import type { Facts } from './facts.js';
import { soundFacts, submission, TRACE_OF } from './sound-facts.js';

/** Kind and invariant of everything found in sound facts that were changed. */
function found(change: (facts: Facts) => void): string[] {
  const facts = soundFacts();
  change(facts);
  return check(facts).map(({ kind, invariant }) => `${kind} ${invariant}`);
}

/** The first of a list that must not be empty. */
function first<T>(items: readonly T[]): T {
  if (items[0] === undefined) throw new Error('There is none.');
  return items[0];
}

const cellOf = (facts: Facts) => first(facts.cells);
const unanswered: Try = { at: '', outcome: 'unknown', status: 0, code: '', requestId: '' };
test('a trace that breaks off is found at every step', () => {
  expect(found((facts) => (first(facts.attempts).traceId = 'other'))).toContain('trace I5');
  expect(found((facts) => (first(first(facts.scores).versions).traceId = 'other'))).toEqual([
    'trace I5',
  ]);
  expect(found((facts) => (first(cellOf(facts).history).traceId = 'other'))).toEqual(['trace I5']);
  expect(found((facts) => (first(facts.applications).traceId = 'other'))).toEqual(['trace I5']);
  const event = (facts: Facts) => facts.events.find(({ eventId }) => eventId === 'changed-first');
  expect(found((facts) => Object.assign(event(facts) ?? {}, { traceId: 'other' }))).toEqual([
    'trace I5',
    'trace I5',
  ]);
  // A try that was not answered left the client without an id to compare with.
  const kinds = found((facts) => {
    const tries = [unanswered, { ...unanswered, outcome: 'ok' as const, requestId: 'retry' }];
    facts.operations = [submission('first', 1, { tries }), submission('second', 2)];
  });
  expect(kinds).toEqual([]);
});

describe('a dead letter', () => {
  const planted = {
    name: 'bad JSON',
    deadLetterQueue: 'q-dlq',
    codes: ['not-json'],
    eventId: 'e',
    body: '{',
    attributes: { ce_id: 'e' },
  };
  const letter = {
    queue: 'q-dlq',
    eventId: 'e',
    code: 'not-json',
    body: '{',
    attributes: { ce_id: 'e', error_code: 'not-json', receive_count: '1' },
  };
  const lettersOf = (...letters: Facts['letters']) =>
    found((facts) => {
      facts.planted.push(planted);
      facts.letters.push(...letters);
    });

  test('is as it was sent, once or twice', () => {
    expect(lettersOf(letter)).toEqual([]);
    expect(lettersOf(letter, letter)).toEqual([]);
  });

  test('must not be missing, changed, poorer, richer or there for another reason', () => {
    expect(lettersOf()).toEqual(['letter I6']);
    expect(lettersOf({ ...letter, body: '{ ' })).toEqual(['letter I6', 'letter I6']);
    expect(lettersOf({ ...letter, attributes: { error_code: 'not-json' } })).toEqual(['letter I6']);
    const richer = { ...letter.attributes, added: 'x' };
    expect(lettersOf({ ...letter, attributes: richer })).toEqual(['letter I6']);
    expect(lettersOf({ ...letter, code: 'schema' })).toEqual(['letter I6']);
  });

  test('must be handled where it should be', () => {
    const handled = { ...planted, deadLetterQueue: undefined };
    expect(found((facts) => facts.planted.push(handled))).toEqual(['letter I6']);
  });
});

test('sums are compared: best of the attempts, and total of the cells', () => {
  expect(found((facts) => (first(facts.totals).points = 3))).toEqual(['sum I7']);
  const kinds = found((facts) => {
    const cell = cellOf(facts);
    cell.points = 1;
    cell.attemptId = 'first';
    first(facts.totals).points = 1;
  });
  expect(kinds).toContain('sum I7');
});

test('what is found says what to look for', () => {
  const facts = soundFacts();
  facts.scores.shift();
  expect(check(facts)[0]).toMatchObject({
    about: 'attempt first was never scored',
    lookFor: 'first',
  });
  expect(TRACE_OF('first')).toBe('trace-of-first');
});
