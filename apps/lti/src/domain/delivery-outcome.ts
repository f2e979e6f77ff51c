/** What the platform answered to a score, or why there was no answer. */
export type Answer =
  | { status: number; headers: Readonly<Record<string, unknown>>; body: string }
  | { failure: string };

export interface Circumstances {
  /** Tries of this score so far, this one included. */
  attempts: number;
  productFamily: string;
  /** An earlier try of the same body may have arrived without our learning of it. */
  mayHaveArrived: boolean;
  now: Date;
}

/** What to do next; `reason` is a stable code that teachers and admins are shown. */
export type Outcome =
  | { kind: 'delivered' }
  /** Again, after `afterMs` or the usual backoff; `whole` holds the whole platform back. */
  | { kind: 'retry'; reason: string; afterMs?: number; holdsPlatform?: boolean }
  | { kind: 'failed'; reason: string }
  | { kind: 'refresh-token' }
  | { kind: 'rediscover' }
  | { kind: 'compare-result'; reason: string };

/** Malformed HTTP does not mend itself. */
const MAX_MALFORMED = 3;
/** A platform that asks for more is asked again a day later all the same. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** The delivery table: which answer is final, which passes, and which needs a closer look. */
export function outcomeOf(answer: Answer, circumstances: Circumstances): Outcome {
  if ('failure' in answer) return outcomeOfFailure(answer.failure, circumstances.attempts);
  const { status, headers, body } = answer;
  if ([200, 201, 202, 204].includes(status)) return acceptedOrNot(body, circumstances);
  if (status === 401) return { kind: 'refresh-token' };
  if (status === 403) return forbidden(headers, body, circumstances.now);
  if (status === 404) return { kind: 'rediscover' };
  if (status === 409) return { kind: 'compare-result', reason: 'stale-timestamp' };
  if (status === 400 && circumstances.mayHaveArrived) {
    // Canvas calls a timestamp it has already seen a bad request.
    return { kind: 'compare-result', reason: 'refused' };
  }
  if (status === 429 || status === 503) {
    const afterMs = retryAfterMs(headers['retry-after'], circumstances.now);
    const reason = status === 429 ? 'rate-limited' : 'platform-unavailable';
    return {
      kind: 'retry',
      reason,
      ...(afterMs === undefined ? {} : { afterMs }),
      holdsPlatform: true,
    };
  }
  if (status >= 500 || status === 408) return { kind: 'retry', reason: 'platform-error' };
  if (status >= 300 && status < 400) return { kind: 'failed', reason: 'redirected' };
  if ([405, 406, 415].includes(status)) return { kind: 'failed', reason: 'protocol-mismatch' };
  return { kind: 'failed', reason: 'refused' };
}

/** Moodle loses the status line of some refusals: what remains is 200 with an empty list. */
function acceptedOrNot(body: string, { productFamily }: Circumstances): Outcome {
  const isLostRefusal = productFamily.toLowerCase() === 'moodle' && body.trim() === '[]';
  return isLostRefusal ? { kind: 'failed', reason: 'refused' } : { kind: 'delivered' };
}

function forbidden(headers: Readonly<Record<string, unknown>>, body: string, now: Date): Outcome {
  const remaining = headers['x-rate-limit-remaining'];
  const isSpent = typeof remaining === 'string' && Number.parseFloat(remaining) <= 0;
  if (!isSpent && !/rate limit/i.test(body)) return { kind: 'failed', reason: 'not-allowed' };
  const afterMs = retryAfterMs(headers['retry-after'], now);
  const wait = afterMs === undefined ? {} : { afterMs };
  return { kind: 'retry', reason: 'rate-limited', ...wait, holdsPlatform: true };
}

function outcomeOfFailure(code: string, attempts: number): Outcome {
  if (code.startsWith('HPE_')) {
    return attempts >= MAX_MALFORMED
      ? { kind: 'failed', reason: 'malformed-answer' }
      : { kind: 'retry', reason: 'malformed-answer' };
  }
  if (code === 'refused-address') return { kind: 'failed', reason: 'address-not-allowed' };
  return { kind: 'retry', reason: code === 'timeout' ? 'timeout' : 'unreachable' };
}

/** `Retry-After` in ms: seconds or an HTTP date (RFC 9110, 10.2.3); undefined when neither. */
export function retryAfterMs(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** Full jitter over a doubling ceiling (ms). `random` is uniform in [0, 1). */
export function backoffMs(attempts: number, baseMs: number, maxMs: number, random: number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(ceiling / 2 + (random * ceiling) / 2);
}
