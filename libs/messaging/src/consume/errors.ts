import { createHash } from 'node:crypto';
import { RpcException } from '@nestjs/microservices';

/**
 * Thrown by a handler when what it needs has not arrived yet. The event comes again after a while;
 * it counts as a try, but is nothing to worry about in a log.
 */
// An RpcException that gives itself as its error passes through Nest as it is; any other error
// would reach the transport as "Internal server error".
export class RetryLater extends RpcException {
  override readonly name = 'RetryLater';

  /**
   * `afterSeconds`, at most 900, replaces the usual backoff for what is known to take longer.
   * `dependency` names what was asked in vain: while it mostly fails, tries of it become rare.
   */
  constructor(
    reason = 'What the event needs has not arrived yet.',
    readonly afterSeconds?: number,
    readonly dependency?: string,
  ) {
    super(reason);
  }

  override getError(): object {
    return this;
  }
}

/**
 * Thrown by a handler when the event can never succeed. It goes to the dead-letter queue at once,
 * where an engineer finds it with this reason.
 */
export class Unprocessable extends RpcException {
  override readonly name = 'Unprocessable';

  constructor(reason: string) {
    super(reason);
  }

  override getError(): object {
    return this;
  }
}

/** The message belongs to somebody else by now: what was done must be rolled back. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Why a message lies in the dead-letter queue: its `error_code` attribute. */
export type DeadLetterCode =
  | 'not-json'
  | 'no-envelope'
  | 'unstorable-text'
  | 'unknown-type'
  | 'unknown-version'
  | 'not-consumed'
  | 'schema'
  | 'claim-check'
  | 'unprocessable'
  | 'retries-exhausted';

export interface DeadLetterReason {
  code: DeadLetterCode;
  /** Equal for messages that failed in the same way, whatever they held. */
  fingerprint: string;
  /** Names of fields and rules, or the handler's sentence; for the log. */
  detail: string;
}

export function deadLetterReason(
  code: DeadLetterCode,
  detail: string,
  place = '',
): DeadLetterReason {
  return { code, detail: detail.slice(0, 500), fingerprint: fingerprintOf(code, detail, place) };
}

/** 16 hexadecimal digits, equal for faults of one kind at one place. */
export function fingerprintOf(code: string, detail: string, place: string): string {
  const text = `${code}\n${place}\n${shapeOf(detail)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** A sentence without what differs from one message to the next. */
function shapeOf(detail: string): string {
  return detail
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '?')
    .replace(/"[^"]*"|'[^']*'/g, '?')
    .replace(/\d+/g, '0');
}

/** Error codes of connections that are refused, cut or not answered. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Whether the database is gone or refuses everybody (SQLSTATE classes 08, 53 and 57P). Then no
 * event is at fault, and receiving more of them would only use up their tries.
 */
export function isOutage(error: unknown): boolean {
  const code = sqlStateOf(error);
  if (code !== undefined && (NETWORK.has(code) || /^(08|53|57P0)/.test(code))) return true;
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|is not queryable|timeout exceeded when trying to connect/i.test(
    message,
  );
}

/** Whether the database asks to try the same again: deadlocks, serialization, lock timeouts. */
export function isContention(error: unknown): boolean {
  return ['40001', '40P01', '55P03', '57014'].includes(sqlStateOf(error) ?? '');
}

/** The code of a driver's error, also from inside what an ORM wrapped around it. */
function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string') return code;
  return driverError === undefined ? undefined : sqlStateOf(driverError);
}
