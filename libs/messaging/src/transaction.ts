import type { Id } from '@parlance/kernel';

/** An open transaction. The platform makes one over its database driver. */
export interface Tx {
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Runs after COMMIT and never after ROLLBACK. Without it the relay's poll finds the event. */
  afterCommit?(work: () => void): void;
}

/** Where transactions come from. Both run at READ COMMITTED and roll back when `work` throws. */
export interface TransactionSource {
  /** With row-level security set to the institution, and a lock_timeout below 30 seconds. */
  inInstitution<R>(institutionId: Id, work: (tx: Tx) => Promise<R>): Promise<R>;
  /** With `app.messaging` on: sees the outbox of all institutions, and nothing else of theirs. */
  asMessaging<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
}

/** Injection token of the TransactionSource. */
export const TRANSACTIONS: unique symbol = Symbol('parlance.transactions');
