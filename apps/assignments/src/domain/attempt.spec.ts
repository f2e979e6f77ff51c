import type { Refusal } from '@parlance/kernel';
import {
  type Attempt,
  handedInAt,
  isEnded,
  isLate,
  nextAttemptNumber,
  requireOpen,
  requireSaving,
  requireSubmitting,
  savingEndsAt,
  sweptAt,
} from './attempt.js';

const NOW = new Date('2026-05-04T12:00:00Z');
const before = (ms = 1) => new Date(NOW.getTime() - ms);
const after = (ms = 1) => new Date(NOW.getTime() + ms);

const attempt = (facts: Partial<Attempt> = {}) =>
  ({
    status: 'in-progress',
    endsAt: null,
    submittedAt: null,
    assignmentStatus: 'published',
    dueAt: null,
    closesAt: null,
    bundleIssuedAt: null,
    mode: 'self',
    ...facts,
  }) as Attempt;

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as Refusal).code;
  }
}

describe('starting', () => {
  it.each([
    ['published', before(), null, 'ok'],
    ['published', NOW, after(), 'ok'],
    ['published', after(), null, 'assignment-not-open'],
    ['published', null, null, 'assignment-not-open'],
    ['published', before(), NOW, 'assignment-closed'],
    ['withdrawn', before(), null, 'assignment-withdrawn'],
  ] as const)('%s, open %s, close %s: %s', (status, opensAt, closesAt, code) => {
    expect(codeOf(() => requireOpen({ status, opensAt, closesAt }, NOW))).toBe(code);
  });

  it('counts attempts up to the number allowed', () => {
    expect(nextAttemptNumber(0, 2)).toBe(1);
    expect(nextAttemptNumber(1, 2)).toBe(2);
    expect(codeOf(() => nextAttemptNumber(2, 2))).toBe('no-attempts-left');
  });
});

describe('saving and submitting', () => {
  it.each([
    [{}, 'ok', 'ok'],
    [{ closesAt: after() }, 'ok', 'ok'],
    [{ closesAt: NOW }, 'assignment-closed', 'ok'],
    [{ assignmentStatus: 'withdrawn' }, 'assignment-withdrawn', 'assignment-withdrawn'],
    [{ status: 'submitted', submittedAt: before() }, 'attempt-submitted', 'already-submitted'],
    [{ endsAt: after() }, 'ok', 'ok'],
    [{ endsAt: NOW }, 'attempt-time-over', 'ok'],
    [{ endsAt: before(), closesAt: NOW }, 'assignment-closed', 'ok'],
    [{ mode: 'paper' }, 'assignment-off-screen', 'ok'],
    [{ dueAt: before() }, 'ok', 'ok'],
  ] as [Partial<Attempt>, string, string][])('%j: %s, %s', (facts, saving, submitting) => {
    expect(codeOf(() => requireSaving(attempt(facts), NOW))).toBe(saving);
    expect(codeOf(() => requireSubmitting(attempt(facts)))).toBe(submitting);
  });

  it('says when the first submission was', () => {
    const facts = { status: 'submitted', submittedAt: before() } as const;
    expect(() => requireSubmitting(attempt(facts))).toThrow(before().toISOString());
  });

  it('is late only after the due instant', () => {
    expect([before(), NOW, after()].map((instant) => isLate(instant, NOW))).toEqual([
      false,
      false,
      true,
    ]);
    expect(isLate(NOW, null)).toBe(false);
  });

  it('is handed in at its end when that is over, at the very millisecond too', () => {
    expect(handedInAt(attempt({ closesAt: after() }), NOW)).toBe(NOW);
    expect(handedInAt(attempt({ closesAt: NOW }), NOW)).toBe(NOW);
    const ended = attempt({ endsAt: before(), closesAt: NOW });
    expect(handedInAt(ended, NOW)).toEqual(before());
    expect([isEnded(ended, NOW), isEnded(attempt({ endsAt: after() }), NOW)]).toEqual([
      true,
      false,
    ]);
  });

  it('is swept a minute after the end, a day after with a bundle out, never without an end', () => {
    expect(sweptAt(attempt({ endsAt: NOW }))?.getTime()).toBe(NOW.getTime() + 60_000);
    const offline = attempt({ endsAt: NOW, bundleIssuedAt: before() });
    expect(sweptAt(offline)?.getTime()).toBe(NOW.getTime() + 86_400_000);
    expect(sweptAt(attempt())).toBeNull();
  });

  it('takes answers until the time limit or the close, whichever is first', () => {
    expect(savingEndsAt(attempt({ endsAt: NOW, closesAt: after() }))).toBe(NOW);
    expect(savingEndsAt(attempt({ endsAt: after(), closesAt: NOW }))).toBe(NOW);
    expect(savingEndsAt(attempt({ closesAt: NOW }))).toBe(NOW);
    expect(savingEndsAt(attempt())).toBeNull();
  });
});
