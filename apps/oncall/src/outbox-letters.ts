import { Injectable } from '@nestjs/common';
import {
  type DeadLetter,
  type FailedEvent,
  fingerprintOf,
  isMeant,
  type Move,
  type MoveResult,
  NO_COUNTS,
  Pace,
} from '@parlance/messaging';
import type { AskedService } from './oncall-config.js';
import { OperatorCalls } from './operator-calls.js';

export const REFUSED_BY_SNS = 'refused-by-sns';

/** An event that never left its producer, as a letter. */
export interface OutboxLetter {
  letter: DeadLetter;
  event: FailedEvent;
}

export interface OutboxScan {
  found: OutboxLetter[];
  /** False when the service has more than it tells of at once. */
  isComplete: boolean;
}

/** The letters in the outboxes of the services: what SNS refused, which only they know of. */
@Injectable()
export class OutboxLetters {
  constructor(private readonly calls: OperatorCalls) {}

  get services(): readonly AskedService[] {
    return this.calls.services;
  }

  /** Rejects when the service cannot be asked. */
  async of(service: AskedService): Promise<OutboxScan> {
    const answer = await this.calls.get(service, 'internal/outbox/failed');
    const { events, isComplete } = answer as { events: FailedEvent[]; isComplete: boolean };
    const found = events.map((event) => ({ event, letter: letterOf(service.name, event) }));
    return { found, isComplete };
  }

  /**
   * Requeues (redrive) or skips (discard) what the filter means, in the order in which it was
   * written. Rejects when the service cannot be asked.
   */
  async move(service: AskedService, move: Move, reason: string): Promise<MoveResult> {
    const counts = { ...NO_COUNTS };
    const pace = new Pace(move.perSecond);
    const { found, isComplete } = await this.of(service);
    for (const { letter } of found.filter((one) => isMeant(move.filter, one.letter))) {
      await pace.take(1, move.signal);
      if (move.signal.aborted) return { counts, isComplete: false };
      await move.before?.([letter]);
      const isDone = await this.settle(service, move, letter.id, reason);
      const done = move.action === 'redrive' ? 'redriven' : 'discarded';
      const outcome = isDone ? done : 'failed';
      counts[outcome] += 1;
      await move.after?.([{ letter, outcome }]);
    }
    return { counts, isComplete };
  }

  /** False when the event waits no longer: somebody else has seen to it. */
  private async settle(service: AskedService, move: Move, eventId: string, reason: string) {
    const eventIds = [eventId];
    const answer =
      move.action === 'redrive'
        ? await this.calls.post(service, 'internal/outbox/requeue', { eventIds })
        : await this.calls.post(service, 'internal/outbox/skip', { eventIds, reason });
    return (answer as { events: number }).events === 1;
  }
}

export function outboxName(service: string): string {
  return `${service}-outbox`;
}

function letterOf(service: string, event: FailedEvent): DeadLetter {
  const bytes = Object.values(event.dataFields).reduce((sum, size) => sum + size, 0);
  return {
    id: event.eventId,
    queue: outboxName(service),
    kind: 'unpublished',
    service,
    eventId: event.eventId,
    type: event.type,
    institutionId: event.institutionId,
    eventAt: new Date(event.createdAt).toISOString(),
    arrivedAt: new Date(event.failedAt).toISOString(),
    traceId: event.traceId,
    errorCode: REFUSED_BY_SNS,
    fingerprint: fingerprintOf(REFUSED_BY_SNS, event.lastError ?? '', event.type),
    receiveCount: null,
    bytes,
  };
}
