import type { IncomingMessage } from 'node:http';
import { Refusal } from '@parlance/kernel';
import { type Actor, bearerToken, type TokenVerifier } from '@parlance/platform';
import { RateLimiter } from './rate-limiter.js';

export interface CallerRules {
  tokens: TokenVerifier;
  perSecond: number;
  burst: number;
  trustedProxyHops: number;
}

export interface Caller {
  address: string;
  /** Undefined: no token, which only public routes accept. */
  actor: Actor | undefined;
}

/** Says who a request comes from, and turns it away when they send too many. */
export class Callers {
  private readonly limiter: RateLimiter;

  constructor(private readonly rules: CallerRules) {
    this.limiter = new RateLimiter(rules.perSecond, rules.burst);
  }

  /** Throws a Refusal: 401 for a bad token, 429 for too many requests. */
  async identify(request: IncomingMessage): Promise<Caller> {
    const address = clientAddress(request, this.rules.trustedProxyHops);
    const authorization = request.headers.authorization;
    // Operators' secrets are for the service itself to check; they count by address.
    if (authorization === undefined || authorization.startsWith('Operator ')) {
      this.spend(`address ${address}`);
      return { address, actor: undefined };
    }
    const actor = await this.actorOf(authorization, address);
    this.spend(`person ${actor.personId}`);
    return { address, actor };
  }

  private async actorOf(authorization: string, address: string): Promise<Actor> {
    try {
      return await this.rules.tokens.verify(bearerToken(authorization));
    } catch (error) {
      // Otherwise made-up tokens could be tried without limit.
      this.spend(`address ${address}`);
      throw error;
    }
  }

  private spend(caller: string): void {
    const waitSeconds = this.limiter.take(caller, performance.now());
    if (waitSeconds === 0) return;
    const detail = `Too many requests; wait ${waitSeconds} s.`;
    throw new Refusal('too-many-requests', 'rate-limited', detail, [], waitSeconds);
  }
}

/** Behind `hops` proxies of ours the client is that many entries from the end. */
function clientAddress(request: IncomingMessage, hops: number): string {
  const peer = request.socket.remoteAddress ?? 'unknown';
  if (hops === 0) return peer;
  const header = request.headers['x-forwarded-for'];
  const entries = String(header ?? '').split(',');
  return entries.at(-hops)?.trim() || peer;
}
