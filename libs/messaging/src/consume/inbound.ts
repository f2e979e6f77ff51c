import { AsyncLocalStorage } from 'node:async_hooks';
import type { Id } from '@parlance/kernel';

/** The event being handled in this chain of calls: the cause of the events it adds. */
export interface Inbound {
  eventId: Id;
  correlationId: string | undefined;
  /** While a projection is rebuilt, events it adds have been added long ago. */
  isReplay: boolean;
}

export const inbound = new AsyncLocalStorage<Inbound>();
