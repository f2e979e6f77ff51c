import { context } from '@opentelemetry/api';
import type { EventEnvelope } from '@parlance/events';
import { failpoint } from '../failpoint.js';
import type { Run } from '../replay/replay-gate.js';
import type { EventBatchContext } from './event-context.js';
import { assertHeld, eventOf, type Handler, traceIdOf, type Try, within } from './try.js';

/** How handlers are run; without a trace id, each event has that of its own request. */
type HandlerRun = Omit<Run, 'traceId'> & Partial<Pick<Run, 'traceId'>>;

/** Runs the handler of one event, in the transaction of it alone or of several. */
export async function runOne(
  one: Try,
  handler: Handler & { isBatch: false },
  run: HandlerRun,
  isShared: boolean,
): Promise<void> {
  const { message } = one;
  const event = eventOf(one);
  message.startedAtMs = performance.now();
  try {
    await failpoint('consumer.handling');
    // Alone, what it does is done inside the transaction's own span.
    await within(one, isShared ? one.context : context.active(), run.isReplay, () =>
      handler.handle(event, {
        traceId: traceIdOf(one),
        ...run,
        institutionId: event.tenant,
        // Asked for when it is used: an AbortController per message is dear.
        get signal() {
          return message.signal;
        },
        receiveCount: message.receiveCount,
        messageId: message.messageId,
      }),
    );
    assertHeld(one);
  } catch (error) {
    one.threw = error;
    throw error;
  } finally {
    message.startedAtMs = undefined;
  }
}

/** Runs a handler of batches for all of them at once. */
export async function runAll(
  tries: Try[],
  handler: Handler & { isBatch: true },
  run: HandlerRun,
): Promise<void> {
  const byEvent = new Map(tries.map((one) => [eventOf(one), one]));
  const tryOf = (event: EventEnvelope) => {
    const found = byEvent.get(event);
    if (!found) throw new Error('The event is not one of this batch.');
    return found;
  };
  const startedAtMs = performance.now();
  for (const { message } of tries) message.startedAtMs = startedAtMs;
  const { tx, isReplay, appliedAt, traceId } = run;
  const events = [...byEvent.keys()];
  const batch: EventBatchContext = {
    ...{ tx, isReplay, appliedAt, institutionId: events[0]?.tenant ?? '' },
    get signal() {
      return AbortSignal.any(tries.map(({ message }) => message.signal));
    },
    traceIdOf: (event) => traceId ?? traceIdOf(tryOf(event)),
    within: (event, work) => within(tryOf(event), tryOf(event).context, isReplay, work),
  };
  const handle = () => handler.handle(events, batch);
  const [first] = tries;
  try {
    await failpoint('consumer.handling');
    // In a rebuild nothing may be told, also not by what a handler does outside of `within`.
    if (first && isReplay) await within(first, context.active(), isReplay, handle);
    else await handle();
  } finally {
    for (const { message } of tries) message.startedAtMs = undefined;
  }
}
