import { accommodatedSeconds, attemptEndsAt, NO_ACCOMMODATION } from './accommodation.js';
import { type BaseWindow, effectiveWindow, momentAt, type WindowOverride } from './window.js';

const timeZone = 'Europe/Helsinki';
const base: BaseWindow = {
  timeZone,
  opens: momentAt('opens', '2023-10-18T08:00', timeZone),
  due: momentAt('due', '2023-10-25T18:00', timeZone),
  closes: momentAt('closes', '2023-10-27T18:00', timeZone),
  maxAttempts: 2,
  timeLimitSeconds: 1800,
};
const nothing = { base, overrides: [], accommodation: null, lateJoiner: null };
const of = (...overrides: WindowOverride[]) => effectiveWindow({ ...nothing, overrides });
const due = ({ due }: BaseWindow) => due?.at.toISOString();
const closes = ({ closes }: BaseWindow) => closes?.at.toISOString();

describe('the window of a learner', () => {
  it('is the base without any rule, and says so', () => {
    expect(effectiveWindow(nothing)).toEqual({
      ...base,
      trace: [
        {
          rule: 'base',
          changes: [
            { field: 'opens', from: null, to: '2023-10-18T05:00:00.000Z' },
            { field: 'due', from: null, to: '2023-10-25T15:00:00.000Z' },
            { field: 'closes', from: null, to: '2023-10-27T15:00:00.000Z' },
            { field: 'maxAttempts', from: null, to: 2 },
            { field: 'timeLimitSeconds', from: null, to: 1800 },
          ],
        },
      ],
    });
  });

  it('vector of 3.5: an extension of 7 days keeps the time of day over the end of summer time', () => {
    const window = of({ scope: 'learner', targetId: 'lea', extensionDays: 7 });
    expect(due(window)).toBe('2023-11-01T16:00:00.000Z');
    expect(closes(window)).toBe('2023-11-03T16:00:00.000Z');
  });

  it('goes from class over group to learner, and each step tells what it changed', () => {
    const window = of(
      { scope: 'learner', targetId: 'lea', maxAttempts: 5 },
      { scope: 'group', targetId: 'b1-plus', due: '2023-10-26T18:00' },
      { scope: 'class', targetId: '7b', due: '2023-10-24T18:00', closes: null },
    );
    expect(window.trace.slice(1)).toEqual([
      {
        rule: 'class-override',
        targetId: '7b',
        changes: [
          { field: 'due', from: '2023-10-25T15:00:00.000Z', to: '2023-10-24T15:00:00.000Z' },
          { field: 'closes', from: '2023-10-27T15:00:00.000Z', to: null },
        ],
      },
      {
        rule: 'group-override',
        targetId: 'b1-plus',
        changes: [
          { field: 'due', from: '2023-10-24T15:00:00.000Z', to: '2023-10-26T15:00:00.000Z' },
        ],
      },
      {
        rule: 'learner-override',
        targetId: 'lea',
        changes: [{ field: 'maxAttempts', from: 2, to: 5 }],
      },
    ]);
    expect([due(window), window.closes, window.maxAttempts]).toEqual([
      '2023-10-26T15:00:00.000Z',
      null,
      5,
    ]);
  });

  it('takes the most generous of several groups, moment by moment, in whatever order', () => {
    const groups: WindowOverride[] = [
      { scope: 'group', targetId: 'a', due: '2023-10-20T18:00', opens: '2023-10-17T08:00' },
      { scope: 'group', targetId: 'b', due: '2023-10-22T18:00', opens: '2023-10-19T08:00' },
      { scope: 'group', targetId: 'c', maxAttempts: 3 },
    ];
    for (const overrides of [groups, groups.toReversed()]) {
      const window = of(...overrides);
      expect(due(window)).toBe('2023-10-22T15:00:00.000Z');
      expect(window.opens?.wallTime).toBe('2023-10-17T08:00');
      expect(window.maxAttempts).toBe(3);
    }
  });

  it('closes no earlier than it is due', () => {
    const window = of({ scope: 'learner', targetId: 'lea', due: '2023-11-30T12:00' });
    expect([due(window), closes(window)]).toEqual([
      '2023-11-30T10:00:00.000Z',
      '2023-11-30T10:00:00.000Z',
    ]);
  });
});

describe('an accommodation', () => {
  const half = { ...NO_ACCOMMODATION, timeMultiplier: 1.5, extraSeconds: 300 };

  it('is limit times multiplier and something on top: 1800 * 1.5 + 300 = 3000', () => {
    expect(accommodatedSeconds(1800, half)).toBe(3000);
    expect(accommodatedSeconds(1800, NO_ACCOMMODATION)).toBe(1800);
    expect(accommodatedSeconds(1, { ...NO_ACCOMMODATION, timeMultiplier: 1.1 })).toBe(2);
    expect(accommodatedSeconds(10, { ...NO_ACCOMMODATION, timeMultiplier: 1.1 })).toBe(11);
  });

  it('lengthens limit and close together: the close comes 1200 s later', () => {
    const window = effectiveWindow({ ...nothing, accommodation: half });
    expect(window.timeLimitSeconds).toBe(3000);
    expect(closes(window)).toBe('2023-10-27T15:20:00.000Z');
    expect(due(window)).toBe(due(base));
    const startedAt = base.closes?.at as Date;
    const lastStart = new Date(startedAt.getTime() - 1_800_000);
    const endsAt = attemptEndsAt(lastStart, window.timeLimitSeconds, window.closes?.at ?? null);
    expect(endsAt?.toISOString()).toBe('2023-10-27T15:20:00.000Z');
  });

  it('comes once, on top of what overrides say', () => {
    const overrides = [{ scope: 'learner' as const, targetId: 'lea', maxAttempts: 3 }];
    const accommodation = { ...NO_ACCOMMODATION, extraAttempts: 2, extraDays: 7 };
    const window = effectiveWindow({ ...nothing, overrides, accommodation });
    expect(window.maxAttempts).toBe(5);
    expect(due(window)).toBe('2023-11-01T16:00:00.000Z');
    expect(window.trace.map(({ rule }) => rule)).toEqual([
      'base',
      'learner-override',
      'accommodation',
    ]);
  });

  it('an attempt ends with its limit or with the close, whichever is first', () => {
    const at = (text: string) => new Date(`2026-03-02T${text}Z`);
    expect(attemptEndsAt(at('10:00'), 1800, at('11:00'))).toEqual(at('10:30'));
    expect(attemptEndsAt(at('10:45'), 1800, at('11:00'))).toEqual(at('11:00'));
    expect(attemptEndsAt(at('10:45'), null, at('11:00'))).toEqual(at('11:00'));
    expect(attemptEndsAt(at('10:45'), 1800, null)).toEqual(at('11:15'));
    expect(attemptEndsAt(at('10:45'), null, null)).toBeNull();
  });
});

describe('who joins late', () => {
  const joined = (joinedAt: string, days: number | null) =>
    effectiveWindow({ ...nothing, lateJoiner: { joinedAt: new Date(joinedAt), days } });

  it('has so many days from joining, to the usual time of day', () => {
    expect(due(joined('2023-10-26T21:30:00Z', 7))).toBe('2023-11-03T16:00:00.000Z');
    expect(closes(joined('2023-10-26T21:30:00Z', 7))).toBe('2023-11-03T16:00:00.000Z');
  });

  it('never has less than the others', () => {
    expect(due(joined('2023-10-19T08:00:00Z', 2))).toBe(due(base));
    expect(due(joined('2023-10-26T21:30:00Z', null))).toBe(due(base));
  });
});
