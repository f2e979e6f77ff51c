import { context } from '@opentelemetry/api';
import { failpoint } from '../failpoint.js';
import { enterInbox, type InboxEntry } from '../inbox/inbox.js';
import type { ReplayGate, Run } from '../replay/replay-gate.js';
import type { TransactionSource, Tx } from '../transaction.js';
import type { Outcome } from './outcome.js';
import { runAll, runOne } from './run-handler.js';
import { assertHeld, eventOf, type Handler, traceIdOf, type Try } from './try.js';

export interface TransactionParts {
  consumer: string;
  transactions: TransactionSource;
  replays: ReplayGate;
  handlerOf(type: string): Handler | undefined;
  onWaited(ms: number): void;
}

/** The messages turned out to need a transaction each. */
export class NotTogether extends Error {
  override readonly name = 'NotTogether';
}

/** Runs the handlers of messages of one institution and type in one transaction. */
export class EventTransaction {
  constructor(private readonly parts: TransactionParts) {}

  /** Sets the outcomes when it has committed; rejects, with nothing written, when it cannot. */
  async run(tries: Try[]): Promise<void> {
    const { transactions, replays, onWaited } = this.parts;
    const [first, ...others] = tries as [Try, ...Try[]];
    for (const one of others) one.span.addLink({ context: first.span.spanContext() });
    const { tenant, type } = eventOf(first);
    const handler = this.parts.handlerOf(type);
    if (!handler) throw new Error(`There is no handler for ${type}.`);
    const askedAtMs = performance.now();
    // The transaction itself is seen in the trace of the first, to which the others are linked.
    const outcomes = await context.with(first.context, () =>
      transactions.inInstitution(tenant, async (tx) => {
        onWaited(performance.now() - askedAtMs);
        // Asked inside, because it may have taken long to get here.
        const isAlone = replays.isAlone({ replayId: first.message.replayId, type });
        if (!isAlone) return this.together(tx, tries, handler);
        if (others.length > 0) throw new NotTogether('A projection of these events is rebuilt.');
        return [await this.alone(tx, first, handler)];
      }),
    );
    await failpoint('consumer.committed');
    tries.forEach((one, index) => (one.outcome = outcomes[index]));
  }

  private async together(tx: Tx, tries: Try[], handler: Handler): Promise<Outcome[]> {
    const appliedAt = new Date();
    const entries = tries.map((one) => ({ ...entryOf(one, appliedAt), replayId: undefined }));
    const { tenant: institutionId } = eventOf(tries[0] as Try);
    const entered = await enterInbox(tx, { consumer: this.parts.consumer, institutionId }, entries);
    const fresh = tries.filter((one) => entered.has(eventOf(one).id.toLowerCase()));
    if (fresh.length > 0) {
      const run = { tx, isReplay: false, appliedAt };
      if (handler.isBatch) await runAll(fresh, handler, run);
      else for (const one of inOneOrder(fresh)) await runOne(one, handler, run, tries.length > 1);
    }
    fresh.forEach(assertHeld);
    const isFresh = new Set(fresh);
    return tries.map((one) => ({ kind: isFresh.has(one) ? 'applied' : 'duplicate' }));
  }

  /** Of a replay, or while a projection is rebuilt: it may be applied to other tables, or to two. */
  private async alone(tx: Tx, one: Try, handler: Handler): Promise<Outcome> {
    const { tenant: institutionId } = eventOf(one);
    const delivery = {
      ...entryOf(one, new Date()),
      ...{ consumer: this.parts.consumer, institutionId, replayId: one.message.replayId },
    };
    const told = await this.parts.replays.apply(tx, delivery, (run: Run) =>
      handler.isBatch ? runAll([one], handler, run) : runOne(one, handler, run, false),
    );
    if (told === 'applied') assertHeld(one);
    if (told !== 'again') return { kind: told };
    return { kind: 'retry', afterSeconds: undefined, dependency: undefined, failure: undefined };
  }
}

/**
 * By what the events are about; those about the same thing stay as they came. Handlers lock what an
 * event is about, and two transactions that lock the same rows in different orders wait for each
 * other until the database ends one.
 */
function inOneOrder(tries: readonly Try[]): Try[] {
  const about = (one: Try) => eventOf(one).subject;
  return tries.toSorted((a, b) => (about(a) < about(b) ? -1 : about(a) > about(b) ? 1 : 0));
}

function entryOf(one: Try, appliedAt: Date): Omit<InboxEntry, 'replayId'> {
  const { id: eventId, type } = eventOf(one);
  const { receiveCount } = one.message;
  return { eventId, type, receiveCount, traceId: traceIdOf(one), appliedAt };
}
