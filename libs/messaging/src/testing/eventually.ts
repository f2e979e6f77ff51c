import { pause } from '../backoff.js';

/**
 * Asks until the answer is not undefined, and returns it; rejects with `describe()` after the
 * timeout. Tests wait on a state with it, never for a time.
 */
export async function eventually<R>(
  ask: () => Promise<R | undefined> | R | undefined,
  describe: () => string = () => 'the state waited for',
  timeoutMs = 15_000,
): Promise<R> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${timeoutMs} ms: ${describe()}.`);
    }
    await pause(20);
  }
}
