import fc from 'fast-check';
import { type Answer, backoffMs, outcomeOf, retryAfterMs } from './delivery-outcome.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const usual = { attempts: 1, productFamily: '', mayHaveArrived: false, now };

function answer(status: number, headers: Record<string, string> = {}, body = ''): Answer {
  return { status, headers, body };
}

describe('what an answer to a score means', () => {
  test.each([200, 201, 202, 204])('%d without a body is delivered', (status) => {
    expect(outcomeOf(answer(status), usual)).toEqual({ kind: 'delivered' });
  });

  test('an empty list with 200 is a refusal that Moodle lost the status of', () => {
    const moodle = { ...usual, productFamily: 'moodle' };
    expect(outcomeOf(answer(200, {}, '[]'), moodle)).toEqual({ kind: 'failed', reason: 'refused' });
    expect(outcomeOf(answer(200, {}, '[]'), usual)).toEqual({ kind: 'delivered' });
  });

  test.each([
    [400, 'refused'],
    [402, 'refused'],
    [403, 'not-allowed'],
    [405, 'protocol-mismatch'],
    [406, 'protocol-mismatch'],
    [410, 'refused'],
    [412, 'refused'],
    [415, 'protocol-mismatch'],
    [422, 'refused'],
    [301, 'redirected'],
    [302, 'redirected'],
    [307, 'redirected'],
  ])('%d is final: %s', (status, reason) => {
    expect(outcomeOf(answer(status), usual)).toEqual({ kind: 'failed', reason });
  });

  test.each([408, 500, 501, 502, 504])('%d passes', (status) => {
    expect(outcomeOf(answer(status), usual)).toEqual({ kind: 'retry', reason: 'platform-error' });
  });

  test.each([
    [429, 'rate-limited'],
    [503, 'platform-unavailable'],
  ])('%d holds the whole platform, as long as it says', (status, reason) => {
    const held = { kind: 'retry', reason, holdsPlatform: true };
    expect(outcomeOf(answer(status), usual)).toEqual(held);
    const told = answer(status, { 'retry-after': '30' });
    expect(outcomeOf(told, usual)).toEqual({ ...held, afterMs: 30_000 });
  });

  test.each([
    ['x-rate-limit-remaining', '0.0', ''],
    ['x-rate-limit-remaining', '-12.5', ''],
    ['x-other', '', '403 Forbidden (Rate Limit Exceeded)\n'],
  ])('403 is a rate limit when %s is "%s" or the body says "%s"', (name, value, body) => {
    const outcome = outcomeOf(answer(403, { [name]: value }, body), usual);
    expect(outcome).toEqual({ kind: 'retry', reason: 'rate-limited', holdsPlatform: true });
  });

  test('403 with calls left is a refusal', () => {
    const outcome = outcomeOf(answer(403, { 'x-rate-limit-remaining': '612.3' }), usual);
    expect(outcome).toEqual({ kind: 'failed', reason: 'not-allowed' });
  });

  test('401, 404 and 409 need a closer look', () => {
    expect(outcomeOf(answer(401), usual).kind).toBe('refresh-token');
    expect(outcomeOf(answer(404), usual).kind).toBe('rediscover');
    expect(outcomeOf(answer(409), usual).kind).toBe('compare-result');
  });

  test('400 after a try of unknown end is compared, for Canvas calls a repetition that', () => {
    const doubtful = { ...usual, mayHaveArrived: true };
    expect(outcomeOf(answer(400), doubtful)).toEqual({ kind: 'compare-result', reason: 'refused' });
  });

  test('malformed HTTP is given up at the third try', () => {
    const third = { ...usual, attempts: 3 };
    expect(outcomeOf({ failure: 'HPE_INVALID_STATUS' }, usual).kind).toBe('retry');
    expect(outcomeOf({ failure: 'HPE_INVALID_STATUS' }, third).kind).toBe('failed');
    expect(outcomeOf({ failure: 'timeout' }, third).kind).toBe('retry');
    expect(outcomeOf({ failure: 'refused-address' }, usual).kind).toBe('failed');
  });

  test('every status leads somewhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), (status) => {
        expect(outcomeOf(answer(status), usual).kind).toBeTruthy();
      }),
    );
  });
});

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 01 Mar 2026 12:01:00 GMT', 60_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('%j waits %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('backoff', () => {
  test('doubles to its ceiling and never leaves it', () => {
    const anything = fc.tuple(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
    );
    fc.assert(
      fc.property(anything, ([attempts, random]) => {
        const wait = backoffMs(attempts, 5000, 3_600_000, random);
        expect(wait).toBeGreaterThanOrEqual(2500);
        expect(wait).toBeLessThanOrEqual(3_600_000);
      }),
    );
    expect(backoffMs(1, 5000, 3_600_000, 0.5)).toBe(3750);
    expect(backoffMs(4, 5000, 3_600_000, 0)).toBe(20_000);
  });
});
