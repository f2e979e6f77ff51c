import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Refusal } from '@parlance/kernel';
import { CONFIG, sameSecret, type ServiceConfig } from '@parlance/platform';

export const SESSION_SECONDS = 8 * 3600;

const FAILURES_ALLOWED = 10;
const FAILURE_WINDOW_MS = 5 * 60_000;
/** Addresses remembered; beyond it the oldest is forgotten. */
const MAX_REMEMBERED = 1000;

interface Failures {
  count: number;
  untilMs: number;
}

/**
 * Browser sessions of operators: a cookie that says until when, signed with a key made of the
 * operators' secret, so that nothing is stored and a new secret ends them all.
 */
@Injectable()
export class OperatorSessions {
  private readonly failures = new Map<string, Failures>();
  /** Sessions signed out before their end, with the instant of that end. */
  private readonly ended = new Map<string, number>();
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) private readonly config: ServiceConfig) {
    this.key = createHmac('sha256', config.OPERATOR_SECRET).update('oncall session v1').digest();
  }

  /** The cookie's value. Throws a Refusal: 401 for a wrong secret, 429 after too many of them. */
  begin(secret: string, address: string, nowMs = Date.now()): string {
    const failures = this.failures.get(address);
    if (failures !== undefined && failures.untilMs > nowMs && failures.count >= FAILURES_ALLOWED) {
      const seconds = Math.ceil((failures.untilMs - nowMs) / 1000);
      const detail = `Too many wrong secrets. Try again in ${Math.ceil(seconds / 60)} minutes.`;
      throw new Refusal('too-many-requests', 'too-many-sign-ins', detail, [], seconds);
    }
    if (!sameSecret(secret, this.config.OPERATOR_SECRET)) {
      this.countFailure(address, nowMs);
      throw new Refusal('unauthenticated', 'wrong-secret', "That is not the operators' secret.");
    }
    this.failures.delete(address);
    const endsAt = Math.floor(nowMs / 1000) + SESSION_SECONDS;
    const content = `${endsAt}.${randomBytes(12).toString('base64url')}`;
    return `${content}.${this.sign(content)}`;
  }

  isValid(cookie: string | undefined, nowMs = Date.now()): boolean {
    const match = /^((\d{10})\.[\w-]{16})\.([\w-]{43})$/.exec(cookie ?? '');
    if (match === null || this.ended.has(cookie ?? '')) return false;
    const [, content = '', endsAt, signature = ''] = match;
    return sameSecret(signature, this.sign(content)) && Number(endsAt) * 1000 > nowMs;
  }

  /** Stands in the forms of a session's pages: no other site knows it. */
  formToken(cookie: string | undefined): string {
    return this.sign(`form ${cookie ?? ''}`);
  }

  /** Throws a Refusal (403) unless the form came from a page of this session. */
  requireFormToken(cookie: string | undefined, token: string | null): void {
    if (token !== null && sameSecret(token, this.formToken(cookie))) return;
    const detail = 'This form does not come from a page of this session: open the page again.';
    throw new Refusal('forbidden', 'foreign-form', detail);
  }

  end(cookie: string | undefined, nowMs = Date.now()): void {
    if (cookie === undefined || !this.isValid(cookie, nowMs)) return;
    this.ended.set(cookie, nowMs + SESSION_SECONDS * 1000);
    for (const [old, untilMs] of this.ended) if (untilMs < nowMs) this.ended.delete(old);
  }

  private sign(content: string): string {
    return createHmac('sha256', this.key).update(content).digest('base64url');
  }

  private countFailure(address: string, nowMs: number): void {
    const known = this.failures.get(address);
    const isOpen = known !== undefined && known.untilMs > nowMs;
    this.failures.delete(address);
    this.failures.set(address, {
      count: (isOpen ? known.count : 0) + 1,
      untilMs: isOpen ? known.untilMs : nowMs + FAILURE_WINDOW_MS,
    });
    if (this.failures.size <= MAX_REMEMBERED) return;
    const [oldest] = this.failures.keys();
    if (oldest !== undefined) this.failures.delete(oldest);
  }
}
