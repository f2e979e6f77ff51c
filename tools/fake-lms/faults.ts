import type { Dialect } from './dialect.js';
import type { Reply } from './http-door.js';

/** Where a fault can be planted. */
export type FaultPoint = 'scores' | 'results' | 'lineitems' | 'token' | 'jwks' | 'auth';

type Fault = { readonly kind: 'answer'; readonly reply: Reply } | { readonly kind: 'lose-reply' };

const servicePoints: ReadonlySet<FaultPoint> = new Set(['scores', 'results', 'lineitems']);

/** Faults waiting to happen, each used once and in the order they were planted. */
export class Faults {
  readonly #waiting = new Map<FaultPoint, Fault[]>();
  #throttledCalls = 0;

  failNext(
    times: number,
    status: number,
    headers: Readonly<Record<string, string>> = {},
    body = '',
    point: FaultPoint = 'scores',
  ): void {
    this.#plant(point, times, { kind: 'answer', reply: { status, headers, body } });
  }

  /** The next calls are taken and never answered. */
  hang(times = 1, point: FaultPoint = 'scores'): void {
    this.#plant(point, times, { kind: 'answer', reply: { status: 0, delivery: 'never' } });
  }

  /** The next calls are carried out, but the connection breaks before the answer. */
  loseReplies(times = 1, point: FaultPoint = 'scores'): void {
    this.#plant(point, times, { kind: 'lose-reply' });
  }

  /** The next service calls of any kind are refused the way the dialect refuses a busy caller. */
  throttle(times = 1): void {
    this.#throttledCalls = times;
  }

  clear(): void {
    this.#waiting.clear();
    this.#throttledCalls = 0;
  }

  async around(point: FaultPoint, dialect: Dialect, run: () => Promise<Reply>): Promise<Reply> {
    if (servicePoints.has(point) && this.#throttledCalls > 0) {
      this.#throttledCalls -= 1;
      return dialect.throttledReply;
    }
    const fault = this.#waiting.get(point)?.shift();
    if (fault?.kind === 'answer') return fault.reply;
    const reply = await run();
    return fault ? { ...reply, delivery: 'cut' } : reply;
  }

  #plant(point: FaultPoint, times: number, fault: Fault): void {
    const queue = this.#waiting.get(point) ?? [];
    for (let index = 0; index < times; index += 1) queue.push(fault);
    this.#waiting.set(point, queue);
  }
}
