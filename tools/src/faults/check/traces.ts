import type { Operation } from '../load/history.js';
import type { Facts } from './facts.js';
import { type Violation, violation } from './violation.js';

/** I5: every effect of a request carries the trace id that the client was given as request id. */
export function checkTraces(facts: Facts): Violation[] {
  const submits = Map.groupBy(
    facts.operations.filter(({ kind }) => kind === 'submit'),
    ({ attemptId }) => attemptId,
  );
  const traceOf = new Map(facts.attempts.map((one) => [one.attemptId, one.traceId]));
  const found: Violation[] = [];
  const wrong = (attemptId: string, what: string, traceId: string | null) => {
    const about = `${what} of attempt ${attemptId} has trace ${traceId}, not ${traceOf.get(attemptId)}`;
    found.push(violation('trace', 'I5', attemptId, about));
  };
  for (const { attemptId, status, traceId, submissionKey } of facts.attempts) {
    const operation = submits.get(attemptId)?.find(({ key }) => key === submissionKey);
    if (status !== 'submitted' || operation === undefined) continue;
    if (!mayBeOf(operation, traceId)) {
      const about = `attempt ${attemptId} has trace ${traceId}, which no client was told`;
      found.push(violation('trace', 'I5', attemptId, about));
    }
  }
  for (const { attemptId, versions } of facts.scores) {
    const first = versions.find(({ cause }) => cause === 'scored');
    if (first && traceOf.has(attemptId) && first.traceId !== traceOf.get(attemptId)) {
      wrong(attemptId, 'the score', first.traceId);
    }
  }
  for (const { history } of facts.cells) {
    for (const { attemptId, traceId } of history) {
      if (traceOf.has(attemptId) && traceId !== traceOf.get(attemptId)) {
        wrong(attemptId, 'the cell', traceId);
      }
    }
  }
  return [...found, ...alongTheWay(facts)];
}

/** A try without an answer gave the client no request id to compare with. */
function mayBeOf({ tries }: Operation, traceId: string | null): boolean {
  return tries.some(({ requestId }) => requestId === '' || requestId === traceId);
}

/** From cause to effect the trace stays the same: event to event, and event to inbox. */
function alongTheWay({ events, applications }: Facts): Violation[] {
  const traceOf = new Map(events.map(({ eventId, traceId }) => [eventId, traceId]));
  const found: Violation[] = [];
  for (const { eventId, type, traceId, causationId } of events) {
    const before = causationId === null ? undefined : traceOf.get(causationId);
    if (before !== undefined && before !== traceId) {
      const about = `${type} ${eventId} has trace ${traceId}, its cause ${before}`;
      found.push(violation('trace', 'I5', eventId, about));
    }
  }
  for (const { consumer, eventId, type, traceId } of applications) {
    if (traceOf.has(eventId) && traceOf.get(eventId) !== traceId) {
      const about = `${consumer} applied ${type} ${eventId} in trace ${traceId}`;
      found.push(violation('trace', 'I5', eventId, about));
    }
  }
  return found;
}
