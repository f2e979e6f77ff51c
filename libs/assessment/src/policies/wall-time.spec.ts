import fc from 'fast-check';
import { instantAt, isWallTime, plusDays, wallTimeAt } from './wall-time.js';

const at = (...args: Parameters<typeof instantAt>) => instantAt(...args).toISOString();

describe('an instant of a wall time and a zone', () => {
  it.each([
    ['2026-01-15T18:00', 'UTC', '2026-01-15T18:00:00.000Z'],
    ['2026-01-15T18:00', 'Europe/Helsinki', '2026-01-15T16:00:00.000Z'],
    ['2026-07-15T18:00:30', 'Europe/Helsinki', '2026-07-15T15:00:30.000Z'],
    ['2026-01-15T18:00', 'America/New_York', '2026-01-15T23:00:00.000Z'],
    ['2026-01-15T18:00', 'Asia/Kathmandu', '2026-01-15T12:15:00.000Z'],
    ['2026-01-15T00:30', 'Pacific/Auckland', '2026-01-14T11:30:00.000Z'],
  ])('%s in %s', (wallTime, zone, instant) => {
    expect(at(wallTime, zone)).toBe(instant);
  });

  it('vector of 3.5: 7 days after Wed 2023-10-25 18:00 in Helsinki is 18:00 there, 16:00Z', () => {
    expect(at('2023-10-25T18:00', 'Europe/Helsinki')).toBe('2023-10-25T15:00:00.000Z');
    const extended = plusDays('2023-10-25T18:00', 7);
    expect(extended).toBe('2023-11-01T18:00:00');
    expect(at(extended, 'Europe/Helsinki')).toBe('2023-11-01T16:00:00.000Z');
  });

  it('in the hour that summer time leaps over counts on from before the leap', () => {
    // Berlin: 02:00 becomes 03:00 on 2026-03-29, at 01:00Z.
    expect(at('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(at('2026-03-29T02:30', 'Europe/Berlin', 'later')).toBe('2026-03-29T01:30:00.000Z');
    expect(wallTimeAt(new Date('2026-03-29T01:30:00Z'), 'Europe/Berlin')).toBe(
      '2026-03-29T03:30:00',
    );
  });

  it('in the hour that comes twice is the earlier or the later, as asked', () => {
    // Berlin: 03:00 becomes 02:00 on 2026-10-25, at 01:00Z.
    expect(at('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('2026-10-25T02:30', 'Europe/Berlin', 'later')).toBe('2026-10-25T01:30:00.000Z');
    expect(at('2026-10-25T03:00', 'Europe/Berlin', 'later')).toBe('2026-10-25T02:00:00.000Z');
  });

  it('where a whole day was left out counts on as well', () => {
    // Samoa went from 2011-12-29 to 2011-12-31: its offset grew by 24 hours, at 10:00Z of the 30th.
    expect(at('2011-12-30T12:00', 'Pacific/Apia')).toBe('2011-12-30T22:00:00.000Z');
  });
});

it.each(['2026-02-30T10:00', '2026-13-01T10:00', '2026-01-01T24:00', '2026-01-01', 'soon', ''])(
  '%p is no wall time',
  (text) => {
    expect(isWallTime(text)).toBe(false);
    expect(() => instantAt(text, 'UTC')).toThrow(RangeError);
  },
);

it('an unknown zone is an error', () => {
  expect(() => instantAt('2026-01-01T10:00', 'Mars/Olympus')).toThrow(RangeError);
});

it('what a clock shows leads back to the instant, the right one of two', () => {
  const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
  const second = fc.integer({ min: Date.UTC(2020, 0) / 1000, max: Date.UTC(2030, 0) / 1000 });
  fc.assert(
    fc.property(second, zone, (seconds, timeZone) => {
      const instant = new Date(seconds * 1000);
      const shown = wallTimeAt(instant, timeZone);
      const either = [instantAt(shown, timeZone), instantAt(shown, timeZone, 'later')];
      expect(either.map((one) => one.getTime())).toContain(instant.getTime());
    }),
  );
});
