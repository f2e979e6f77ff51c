import { recomputed, rescheduled, ZONE_RULES } from './schedule.js';

const timeZone = 'Europe/Helsinki';
const due = { local: '2030-10-25T18:00' };

describe('a schedule', () => {
  it('keeps both the wall time and the instant, whichever was given', () => {
    const byLocal = rescheduled(null, { timeZone, due });
    expect(byLocal.dueAt?.toISOString()).toBe('2030-10-25T15:00:00.000Z');
    const at = new Date('2030-10-25T15:00:00Z');
    expect(rescheduled(null, { timeZone, due: { at } })).toMatchObject({
      ...{ dueAt: at, dueLocal: '2030-10-25T18:00:00' },
    });
  });

  it('leaves alone what is not mentioned, and null takes away', () => {
    const known = rescheduled(null, { timeZone, due, closes: { local: '2030-11-01T18:00' } });
    const next = rescheduled(known, { closes: null });
    expect([next.dueLocal, next.closesLocal, next.closesAt]).toEqual([due.local, null, null]);
  });

  it('in another zone means the same time of day there', () => {
    const moved = rescheduled(rescheduled(null, { timeZone, due }), { timeZone: 'Europe/Berlin' });
    expect(moved.dueAt?.toISOString()).toBe('2030-10-25T16:00:00.000Z');
  });

  it('follows new rules of its zone by its wall time, and without one stays', () => {
    const known = rescheduled(null, { timeZone, due });
    // As if the instant had been computed before Helsinki changed its offset by an hour.
    const before = { ...known, dueAt: new Date('2030-10-25T16:00:00Z'), zoneRules: '2020a' };
    expect(recomputed(before)).toEqual({ ...known, zoneRules: ZONE_RULES });
    expect(recomputed({ ...before, dueLocal: null }).dueAt).toEqual(before.dueAt);
  });
});
