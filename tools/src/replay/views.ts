import { EVENTS, type ServiceName } from '@parlance/events';

/** A replay as the service says whose events are told again. */
export interface Sent {
  owner: ServiceName;
  id: string;
  consumer: string;
  mode: string;
  types: string[];
  state: 'running' | 'paused' | 'done' | 'cancelled';
  sent: number;
  refused: number;
  progress: number;
  lastError: string | null;
  ratePerSecond: number;
  reason: string;
  createdBy: string;
  createdAt: string;
}

/** A replay as the service says that is told. */
export interface Admitted {
  consumer: ServiceName;
  replayId: string;
  mode: 'repair' | 'rebuild';
  projection: string | null;
  types: string[];
  state: 'opening' | 'open' | 'done' | 'cancelled' | 'swapped' | 'dropped';
  applied: number;
  skipped: number;
  missed: number;
  reason: string;
  createdBy: string;
  createdAt: string;
}

/** Everything known of one replay. */
export interface Replay {
  admitted: Admitted;
  sent: Sent[];
}

export interface Verification {
  missed: number;
  early: number;
  tables: {
    table: string;
    liveRows: number;
    shadowRows: number;
    missing: number;
    surplus: number;
    differing: number;
    examples: { key: Record<string, string>; is: string; columns: string[] | null }[];
  }[];
}

export interface DayCount {
  owner: ServiceName;
  type: string;
  day: string;
  events: number;
}

/** Events all owners have sent, each counted once. */
export const sentOf = ({ sent }: Replay): number => sent.reduce((sum, one) => sum + one.sent, 0);

/** Events of the replay that the consumer has dealt with, each counted once. */
export const handledOf = ({ admitted }: Replay): number => admitted.applied + admitted.skipped;

/** Whether every owner of its types has begun, and everything they have is sent and dealt with. */
export function isFinished(replay: Replay): boolean {
  const { admitted, sent } = replay;
  const owners = EVENTS.filter(({ type }) => admitted.types.includes(type)).map(
    ({ owner }) => owner,
  );
  const isSent = owners.every((one) =>
    sent.some(({ owner, state }) => owner === one && state === 'done'),
  );
  return isSent && handledOf(replay) >= sentOf(replay);
}
