import { newId } from '@parlance/kernel';
import { idMadeAt } from '../../test/fixtures.js';
import type { DeadLetter } from './dead-letter.js';
import { isMeant, isTooOld, mayLieIn } from './letter-filter.js';
import { groupLetters } from './letter-groups.js';

const NOW = Date.UTC(2026, 5, 15, 12);
const DAY = 86_400_000;

function letter(given: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: newId(),
    queue: 'p-gradebook-from-grading-dlq',
    kind: 'unhandled',
    service: 'gradebook',
    eventId: idMadeAt(NOW - DAY),
    type: 'grading.scored.v1',
    institutionId: newId(),
    eventAt: '2026-06-14T12:00:00.000Z',
    arrivedAt: '2026-06-14T13:00:00.000Z',
    traceId: null,
    errorCode: 'schema',
    fingerprint: 'aaaaaaaaaaaaaaaa',
    receiveCount: 1,
    bytes: 100,
    ...given,
  };
}

test('a filter means what fits all it says, and without a word everything', () => {
  const one = letter();
  const { institutionId, fingerprint, type, id, eventId } = one as Required<DeadLetter>;
  expect(isMeant({}, one)).toBe(true);
  expect(isMeant({ type: type ?? '', institutionId: institutionId ?? '', fingerprint }, one)).toBe(
    true,
  );
  expect(isMeant({ id }, one)).toBe(true);
  expect(isMeant({ id: eventId ?? '' }, one)).toBe(true);
  for (const other of [
    { type: 'grading.scored.v2' },
    { institutionId: newId() },
    { fingerprint: 'bbbbbbbbbbbbbbbb' },
    { id: newId() },
    { fingerprint, type: 'grading.scored.v2' },
  ]) {
    expect(isMeant(other, one)).toBe(false);
  }
});

test('since counts from the event or from its arrival, whichever came later', () => {
  const since = new Date('2026-06-14T12:30:00Z');
  expect(isMeant({ since }, letter())).toBe(true);
  expect(isMeant({ since }, letter({ arrivedAt: '2026-06-14T12:29:59.999Z' }))).toBe(false);
  expect(
    isMeant({ since }, letter({ arrivedAt: '2026-06-01T00:00:00Z', eventAt: since.toISOString() })),
  ).toBe(true);
});

test('a queue is named by itself or by the queue its letters came from', () => {
  const queue = { name: 'q-dlq', sourceName: 'q' };
  expect(['q', 'q-dlq', 'q-undelivered'].map((name) => mayLieIn({ queue: name }, queue))).toEqual([
    true,
    true,
    false,
  ]);
});

test('an event older than 45 days may have been forgotten by the inbox', () => {
  const made = (ms: number) => letter({ eventId: idMadeAt(NOW - ms) });
  expect(isTooOld(made(45 * DAY), NOW)).toBe(false);
  expect(isTooOld(made(45 * DAY + 1), NOW)).toBe(true);
});

test('what has no time in its id, or was with no consumer, is never too old', () => {
  expect(isTooOld(letter({ eventId: null }), NOW)).toBe(false);
  expect(isTooOld(letter({ eventId: crypto.randomUUID() }), NOW)).toBe(false);
  const ancient = idMadeAt(NOW - 100 * DAY);
  expect(isTooOld(letter({ kind: 'unpublished', eventId: ancient }), NOW)).toBe(false);
});

test('groups are of one queue, type and fingerprint, the largest first', () => {
  const institutionId = newId();
  const old = idMadeAt(NOW - 50 * DAY);
  const letters = [
    letter({ fingerprint: 'bbbbbbbbbbbbbbbb' }),
    letter({ institutionId, arrivedAt: '2026-06-14T11:00:00.000Z', eventId: old }),
    letter({ institutionId, arrivedAt: '2026-06-14T10:00:00.000Z' }),
    letter({ institutionId: null, arrivedAt: '2026-06-14T12:00:00.000Z' }),
    letter({ type: null }),
  ];
  const groups = groupLetters(letters, NOW);
  expect(groups.map(({ count }) => count)).toEqual([3, 1, 1]);
  expect(groups[0]).toMatchObject({
    type: 'grading.scored.v1',
    fingerprint: 'aaaaaaaaaaaaaaaa',
    tooOld: 1,
    institutions: 1,
    firstAt: '2026-06-14T10:00:00.000Z',
    lastAt: '2026-06-14T12:00:00.000Z',
    exampleIds: letters.slice(1, 4).map(({ id }) => id),
  });
});
