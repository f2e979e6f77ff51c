import { isJsonObject } from './compact-jwt.js';
import type { JsonObject } from './compact-jwt.js';
import type { FakeLms } from './fake-lms.js';
import type { FaultPoint } from './faults.js';
import type { Reply } from './http-door.js';
import { ask, BadOrder, optionalText, text, wholeNumber } from './order-fields.js';

const points: readonly FaultPoint[] = ['scores', 'results', 'lineitems', 'token', 'jwks', 'auth'];

/** The control desk's part that makes the platform misbehave. */
export class FaultOrders {
  readonly #lms: FakeLms;

  constructor(lms: FakeLms) {
    this.#lms = lms;
  }

  plant(body: JsonObject): Reply {
    const kind = text(body, 'kind');
    const times = wholeNumber(body, 'times', 1);
    const point = readPoint(body);
    const plants = new Map<string, () => void>([
      ['fail', () => this.#fail(body, times, point)],
      ['throttle', () => this.#lms.throttle(times)],
      ['hang', () => this.#lms.hang(times, point)],
      ['lose-replies', () => this.#lms.loseReplies(times, point)],
      ['revoke-tokens', () => this.#lms.revokeTokens()],
      ['clear', () => this.#lms.clearFaults()],
    ]);
    const plant = plants.get(kind);
    if (!plant) throw new BadOrder(`There is no fault "${kind}".`);
    plant();
    return { status: 204 };
  }

  async override(body: JsonObject): Promise<Reply> {
    const { score } = body;
    if (typeof score !== 'number') throw new BadOrder('score must be a number.');
    const userId = text(body, 'userId');
    const lineItemId = optionalText(body, 'lineItemId');
    await ask(() => this.#lms.overrideInLms(userId, score, lineItemId));
    return { status: 204 };
  }

  #fail(body: JsonObject, times: number, point: FaultPoint): void {
    const status = wholeNumber(body, 'status', 503);
    if (status < 200 || status > 599) throw new BadOrder('status must lie between 200 and 599.');
    const { headers = {} } = body;
    if (!isJsonObject(headers)) throw new BadOrder('headers is no object.');
    const headerTexts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    const reply = optionalText(body, 'body');
    this.#lms.failNext(times, status, Object.fromEntries(headerTexts), reply, point);
  }
}

function readPoint(body: JsonObject): FaultPoint {
  const name = optionalText(body, 'point') ?? 'scores';
  const point = points.find((known) => known === name);
  if (!point) throw new BadOrder(`point must be one of ${points.join(', ')}.`);
  return point;
}
