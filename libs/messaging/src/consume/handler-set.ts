import type { EventDefinition, ServiceName } from '@parlance/events';

/** The handlers of a service are not those the registry says it has. */
export class HandlerMismatch extends Error {
  override readonly name = 'HandlerMismatch';
}

/**
 * Rejects a service that would leave events in its queues unhandled, or that waits for events
 * nobody sends it. `handled` may name a type twice: then two handlers would share one transaction.
 */
export function assertHandlers(
  events: readonly EventDefinition[],
  service: ServiceName,
  handled: readonly string[],
): void {
  const expected = events
    .filter((event) => event.consumers.includes(service))
    .map((event) => event.type as string);
  const missing = expected.filter((type) => !handled.includes(type));
  const unexpected = [...new Set(handled)].filter((type) => !expected.includes(type));
  const doubled = [...new Set(handled.filter((type, at) => handled.indexOf(type) !== at))];
  if (missing.length + unexpected.length + doubled.length === 0) return;
  const list = (types: string[]) => (types.length > 0 ? types.join(', ') : 'none');
  throw new HandlerMismatch(
    `The event handlers of ${service} differ from the registry. ` +
      `Consumed but without a handler: ${list(missing)}. ` +
      `With a handler but not consumed: ${list(unexpected)}. ` +
      `With more than one handler: ${list(doubled)}.`,
  );
}
