import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { QUEUE_SETTINGS } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import { isOutage, LeaseLost } from '../consume/errors.js';
import { enterInbox, firstApplied, type InboxEntry, type InboxOwner } from '../inbox/inbox.js';
import { errorFields, type MessagingLog } from '../log.js';
import { unobserved } from '../trace/trace-context.js';
import type { TransactionSource, Tx } from '../transaction.js';
import { type Admission, AdmissionStore, type Outcome } from './admission.store.js';
import { inShadow } from './shadow-run.js';

/** Whoever last asked longer ago than this asks again, in the background. */
const ASK_AFTER_MS = 500;
/** An older answer is no answer: then the transaction itself asks. */
const TRUSTED_MS = 2_000;
/**
 * How long a rebuild is announced before its first event may be sent. By then no process acts on
 * an answer from before the announcement, in whatever state its clock and its connections are.
 */
export const ANNOUNCED_MS = 3_000;

/**
 * What became of an event. `again`: it is applied and committed, but the shadow is not ready for
 * it, so the message must come once more; `stale`: it belongs to a replay that is not current.
 */
export type Told = 'applied' | 'duplicate' | 'stale' | 'again';

export interface Delivery extends InboxOwner, Omit<InboxEntry, 'replayId'> {
  /** The attribute as it came, if it came. */
  replayId: string | undefined;
}

/** How the handler is to be run this time. */
export interface Run {
  tx: Tx;
  isReplay: boolean;
  appliedAt: Date;
  traceId: string;
}

export interface GateParts {
  transactions: TransactionSource;
  log: MessagingLog;
}

/**
 * Decides inside the transaction of an event to which tables it is applied: to those in use, to
 * the shadow of a rebuild, to both, or to none when it is an echo of a replay that is over.
 */
export class ReplayGate {
  private readonly store = new AdmissionStore();
  private seen: { atMs: number; wallMs: number; types: ReadonlySet<string> } | undefined;
  private asking: Promise<void> | undefined;
  private isFailing = false;

  constructor(private readonly parts: GateParts) {}

  /**
   * Whether the event needs a transaction of its own, through `apply`: it is of a replay, or its
   * type is being rebuilt, or this process does not know. Costs nothing; asked after the message
   * was received, which is what makes an old answer safe (ADR 0008).
   */
  isAlone(event: { replayId: string | undefined; type: string }): boolean {
    return event.replayId !== undefined || this.isRebuilding(event.type);
  }

  /**
   * To be waited for before several events are applied together: they need a transaction each as
   * long as it is not known what is being rebuilt. Undefined, most of the time, when it is known.
   */
  refresh(): Promise<void> | undefined {
    return this.ageMs() > TRUSTED_MS / 2 ? this.ask() : undefined;
  }

  /** Whether the type is being rebuilt; true also while that is not known. */
  isRebuilding(type: string): boolean {
    const ageMs = this.ageMs();
    if (ageMs > ASK_AFTER_MS) void this.ask();
    return ageMs > TRUSTED_MS || this.seen?.types.has(type) === true;
  }

  /** Applies one event in its open transaction, inbox row included. `handle` runs 0 to 2 times. */
  async apply(tx: Tx, delivery: Delivery, handle: (run: Run) => Promise<void>): Promise<Told> {
    if (delivery.replayId !== undefined) return this.replayed(tx, delivery, handle);
    // Before anything is written: a swap waits for whoever holds, and for nobody who would wait.
    const { type } = delivery;
    const rebuild = this.isRebuilding(type) ? await this.rebuildOf(tx, type) : undefined;
    const isNew = await this.first(tx, delivery, handle);
    const told = isNew ? 'applied' : 'duplicate';
    return rebuild === undefined ? told : this.mirror(tx, { delivery, told, rebuild }, handle);
  }

  /** The first telling to this service. */
  private async first(tx: Tx, delivery: Delivery, handle: (run: Run) => Promise<void>) {
    if (!(await isEntered(tx, delivery, undefined))) return false;
    const { appliedAt, traceId } = delivery;
    await handle({ tx, isReplay: false, appliedAt, traceId });
    return true;
  }

  private async replayed(tx: Tx, delivery: Delivery, handle: (run: Run) => Promise<void>) {
    await this.store.hold(tx);
    const current = await this.store.current(tx);
    const { replayId, type } = delivery;
    if (current?.replayId !== replayId?.toLowerCase() || !current?.types.includes(type)) {
      const fields = { eventId: delivery.eventId, type, replayId: String(replayId).slice(0, 36) };
      this.parts.log.info(fields, 'An event of a replay that is not current changes nothing');
      return 'stale';
    }
    const outcome =
      current.mode === 'rebuild'
        ? await this.intoShadow(tx, delivery, current, handle)
        : (await this.first(tx, delivery, handle))
          ? 'applied'
          : 'skipped';
    await this.receipt(tx, delivery, current, outcome);
    return outcome === 'skipped' ? 'duplicate' : 'applied';
  }

  private async intoShadow(
    tx: Tx,
    delivery: Delivery,
    rebuild: Admission,
    handle: (run: Run) => Promise<void>,
  ): Promise<Outcome> {
    if (!(await isEntered(tx, delivery, rebuild.replayId))) return 'skipped';
    const first = await firstApplied(tx, delivery);
    const { appliedAt, traceId } = first ?? delivery;
    await inShadow(tx, { rebuild, type: delivery.type }, (shadow) =>
      handle({ tx: shadow, isReplay: true, appliedAt, traceId }),
    );
    return first === undefined ? 'early' : 'applied';
  }

  /**
   * Applies a live event to the shadow as well. Whatever goes wrong there must not undo the live
   * part; the message comes again, is a duplicate for the live tables, and the shadow gets its
   * next chance. After the last one the rebuild is known to miss the event, and cannot be swapped.
   */
  private async mirror(
    tx: Tx,
    { delivery, told, rebuild }: { delivery: Delivery; told: Told; rebuild: Admission },
    handle: (run: Run) => Promise<void>,
  ): Promise<Told> {
    await tx.query('SAVEPOINT shadow');
    try {
      await this.intoShadow(tx, delivery, rebuild, handle);
      await tx.query('RELEASE SAVEPOINT shadow');
      return told;
    } catch (error) {
      if (isOutage(error) || error instanceof LeaseLost) throw error;
      await tx.query('ROLLBACK TO SAVEPOINT shadow');
      const fields = { eventId: delivery.eventId, type: delivery.type, ...errorFields(error) };
      if (delivery.receiveCount < QUEUE_SETTINGS.maxReceiveCount) {
        this.parts.log.info(fields, 'A rebuild is not ready for an event; it will come again');
        return 'again';
      }
      this.parts.log.error(fields, 'A rebuild misses an event; it cannot be swapped in');
      await this.receipt(tx, delivery, rebuild, 'missed');
      return told;
    }
  }

  /** The rebuild that takes this type, held open until the transaction ends. */
  private async rebuildOf(tx: Tx, type: string): Promise<Admission | undefined> {
    const takes = (one: Admission | undefined) =>
      one?.mode === 'rebuild' && one.types.includes(type);
    if (!takes(await this.store.current(tx))) return undefined;
    await this.store.hold(tx);
    // Once more: it may have been swapped in or cancelled while we waited.
    const current = await this.store.current(tx);
    return takes(current) ? current : undefined;
  }

  private receipt(tx: Tx, delivery: Delivery, { replayId }: Admission, outcome: Outcome) {
    const { eventId, institutionId } = delivery;
    return this.store.addReceipt(tx, { replayId, eventId, institutionId, outcome });
  }

  /** By the clock that went further: one of them may have stood still with the machine. */
  private ageMs(): number {
    if (this.seen === undefined) return Infinity;
    return Math.max(performance.now() - this.seen.atMs, Date.now() - this.seen.wallMs);
  }

  private ask(): Promise<void> {
    this.asking ??= context
      .with(ROOT_CONTEXT, () => unobserved(() => this.look()))
      .catch((error: unknown) => {
        if (this.isFailing) return;
        this.isFailing = true;
        this.parts.log.warn(errorFields(error), 'Whether a rebuild is open could not be asked');
      })
      .finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async look(): Promise<void> {
    // Taken before the database is asked, so that the answer is never younger than it seems.
    const asked = { atMs: performance.now(), wallMs: Date.now() };
    const current = await this.parts.transactions.asMessaging((tx) => this.store.current(tx));
    const types = new Set(current?.mode === 'rebuild' ? current.types : []);
    this.seen = { ...asked, types };
    this.isFailing = false;
  }
}

async function isEntered(tx: Tx, delivery: Delivery, replayId: Id | undefined): Promise<boolean> {
  return (await enterInbox(tx, delivery, [{ ...delivery, replayId }])).size > 0;
}
