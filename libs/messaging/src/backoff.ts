/** The part of a random source that is needed: a number in [0, 1). */
export type Random = () => number;

/**
 * Full jitter: uniform in [0, min(cap, base * 2^attempt)], so that what failed together does not
 * return together. `attempt` counts from 0; unit of the result is that of `base`.
 */
export function fullJitter(
  attempt: number,
  base: number,
  cap: number,
  random: Random = Math.random,
): number {
  return random() * Math.min(cap, base * 2 ** Math.min(attempt, 30));
}

/** Resolves after `ms`, or at once when the signal aborts; never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
