import type { Refusal } from '@parlance/kernel';
import { instantOf, requireOrder, requireTimeZone } from './window.js';

const at = (text: string) => new Date(text);

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Refusal).code;
  }
}

describe('instantOf', () => {
  it.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(instantOf(text, '/dueAt').toISOString()).toBe(instant);
  });

  it.each(['2026-03-01T10:00:00', '2026-03-01', '0000-01-01T00:00:00Z', '9999-01-01T00:00:00Z'])(
    'refuses %s and says where it stood',
    (text) => {
      expect(() => instantOf(text, '/dueAt')).toThrow(
        expect.objectContaining({
          code: 'invalid-instant',
          faults: [expect.objectContaining({ pointer: '/dueAt' })],
        }),
      );
    },
  );
});

describe('requireOrder', () => {
  const [first, second, third] = [at('2026-01-01Z'), at('2026-01-02Z'), at('2026-01-03Z')];

  it.each([
    [first, second, third],
    [first, first, second],
    [first, second, second],
    [null, null, null],
    [null, second, null],
    [first, null, second],
  ])('takes open %s, due %s, close %s', (opensAt, dueAt, closesAt) => {
    expect(codeOf(() => requireOrder({ opensAt, dueAt, closesAt }))).toBeUndefined();
  });

  it.each([
    [second, null, first],
    [first, null, first],
    [second, first, null],
    [null, third, second],
  ])('refuses open %s, due %s, close %s', (opensAt, dueAt, closesAt) => {
    expect(codeOf(() => requireOrder({ opensAt, dueAt, closesAt }))).toBe('invalid-window');
  });
});

describe('requireTimeZone', () => {
  it.each(['UTC', 'Europe/Helsinki', 'America/Argentina/Ushuaia'])('takes %s', (zone) => {
    expect(codeOf(() => requireTimeZone(zone))).toBeUndefined();
  });

  it.each(['+02:00', 'Mars/Olympus', '', 'Europe', '\u0000'])('refuses %j', (zone) => {
    expect(codeOf(() => requireTimeZone(zone))).toBe('unknown-time-zone');
  });
});
