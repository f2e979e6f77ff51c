/** What refreshing needs to know of a session and its person. */
export interface SessionState {
  createdAt: Date;
  expiresAt: Date;
  ended: boolean;
  personStatus: 'active' | 'suspended';
  /** The secret that came is the one handed out last. */
  isLatestSecret: boolean;
}

export type RefreshDecision = 'rotate' | 'ended' | 'expired' | 'reused' | 'suspended';

/** Days a session lives without being used. */
export const IDLE_DAYS = 14;
/** Days after which even a session in use ends and the person signs in again. */
export const LONGEST_DAYS = 90;

const DAY_MS = 86_400_000;

/**
 * An old secret means that two hold the session, one of them a thief, and nobody can tell which:
 * the session ends for both (RFC 9700, 4.14.2).
 */
export function decideRefresh(session: SessionState, now: Date): RefreshDecision {
  if (session.ended) return 'ended';
  if (!session.isLatestSecret) return 'reused';
  if (session.expiresAt <= now) return 'expired';
  if (session.personStatus === 'suspended') return 'suspended';
  return 'rotate';
}

/** Instant at which a session used now ends unless it is used again. */
export function expiryOf(createdAt: Date, now: Date): Date {
  const idle = now.getTime() + IDLE_DAYS * DAY_MS;
  return new Date(Math.min(idle, createdAt.getTime() + LONGEST_DAYS * DAY_MS));
}
