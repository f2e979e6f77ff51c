import type { ReceiverStats } from './receivers.js';

/** What became of messages since the start. */
export interface QueueCounts {
  applied: number;
  duplicates: number;
  /** Of a replay that is not current; they change nothing. */
  stale: number;
  retried: number;
  deadLettered: number;
  lost: number;
}

export interface QueueStats extends ReceiverStats, QueueCounts {
  queue: string;
  inFlight: number;
  running: number;
}
