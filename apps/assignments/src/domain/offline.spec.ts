import type { Attempt } from './attempt.js';
import { answeredBy, isSuperseded, tooLate } from './offline.js';

const at = (time: string) => new Date(`2026-03-02T${time}Z`);
const issuedAt = at('10:00:00');
const HOUR_MS = 3_600_000;

describe('when an answer was given', () => {
  it('is counted from the bundle, whatever the clock of the device shows', () => {
    expect(answeredBy({ issuedAt }, 30_000, at('12:00:00'))).toEqual(at('10:00:30'));
  });

  it('is now without a count, and with one that leads beyond now', () => {
    expect(answeredBy({ issuedAt }, null, at('12:00:00'))).toEqual(at('12:00:00'));
    expect(answeredBy({ issuedAt }, 9 * HOUR_MS, at('12:00:00'))).toEqual(at('12:00:00'));
  });
});

describe('an answer of before the connection was back', () => {
  const attempt = {
    ...{ status: 'in-progress', assignmentStatus: 'published', endsAt: at('11:00:00') },
    closesAt: null,
  } as Attempt;
  const outcome = (answered: string, receivedAt: Date, facts: Partial<Attempt> = {}) =>
    tooLate({ ...attempt, ...facts }, { answered: at(answered), receivedAt });
  const daysLater = (days: number, ms = 0) =>
    new Date(at('11:00:00').getTime() + days * 24 * HOUR_MS + ms);

  it('counts when it was given before the end and came within a day of it', () => {
    expect(outcome('10:59:59', daysLater(1))).toBeNull();
    expect(outcome('11:00:00', daysLater(0, 1))).toBe('answered-after-end');
    expect(outcome('10:59:59', daysLater(1, 1))).toBe('synced-too-late');
    expect(outcome('23:00:00', daysLater(9), { endsAt: null })).toBeNull();
  });

  it('does not count once it is handed in or taken back', () => {
    expect(outcome('10:30:00', at('10:31:00'), { status: 'submitted' })).toBe('attempt-submitted');
    expect(outcome('10:30:00', at('10:31:00'), { assignmentStatus: 'withdrawn' })).toBe(
      'assignment-withdrawn',
    );
  });
});

it('a slot is superseded only by what another device saved after the bundle', () => {
  const evidence = { attemptId: 'a', deviceId: 'tablet', lease: 'one', issuedAt };
  expect(isSuperseded({ lease: 'two' }, evidence, at('10:00:01'))).toBe(true);
  expect(isSuperseded({ lease: 'two' }, evidence, at('09:59:59'))).toBe(false);
  expect(isSuperseded({ lease: 'two' }, evidence, undefined)).toBe(false);
  expect(isSuperseded({ lease: 'one' }, evidence, at('10:00:01'))).toBe(false);
});
