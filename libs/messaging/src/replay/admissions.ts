import { type Id, isId, notFound, Refusal } from '@parlance/kernel';
import { pause } from '../backoff.js';
import type { ResolvedConfig } from '../config.js';
import { isContention } from '../consume/errors.js';
import type { TransactionSource, Tx } from '../transaction.js';
import {
  type AdmissionState,
  AdmissionStore,
  type AdmissionView,
  type ReplayMode,
  type TableDifference,
} from './admission.store.js';
import { ANNOUNCED_MS } from './replay-gate.js';

export interface AdmissionRequest {
  id: Id;
  mode: ReplayMode;
  /** What a rebuild makes anew; its types follow from it. */
  projection?: string;
  /** What a repair takes; everything the service consumes when left out. */
  types?: readonly string[];
  reason: string;
  createdBy: string;
}

export interface Verification {
  replayId: Id;
  /** Live events the shadow could not take; with any, there is no swap. */
  missed: number;
  /** Events of the shadow that the service itself has not had yet; with any, there is no swap. */
  early: number;
  tables: TableDifference[];
}

/** Who meets a long reader or a long handler tries so often, for about half a minute. */
const TRIES = 60;

const LIST_LIMIT = 50;

/**
 * Replays as the service knows them that is told: one at a time is admitted, and only its events
 * have an effect. For a rebuild, also the shadow tables: made, compared, swapped in, dropped.
 */
export class ReplayAdmissions {
  private readonly store = new AdmissionStore();

  constructor(
    private readonly config: Pick<ResolvedConfig, 'events' | 'service' | 'rebuilds'>,
    private readonly transactions: TransactionSource,
  ) {}

  /**
   * Admits a replay; the same one again changes nothing. To be done before its owners begin to
   * send. For a rebuild it returns only when every process of the service applies its own events
   * to the shadow too.
   */
  async admit(request: AdmissionRequest): Promise<AdmissionView> {
    if (!isId(request.id)) throw invalid('id', 'must be a UUID');
    const { projection, types } = this.planOf(request);
    const replayId = request.id.toLowerCase();
    const admitted = await this.asMessaging(async (tx) => {
      const known = await this.store.find(tx, replayId);
      if (known !== undefined) return known;
      const { mode, reason, createdBy } = request;
      const one = { replayId, mode, projection, types, reason, createdBy };
      if (!(await this.store.insert(tx, one))) throw await this.busy(tx);
      if (mode === 'rebuild') await this.makeShadow(tx, replayId, projection ?? '');
      return this.store.find(tx, replayId);
    });
    if (admitted?.state === 'opening') {
      await pause(ANNOUNCED_MS);
      await this.asMessaging((tx) => this.store.open(tx, replayId));
    }
    const view = await this.show(replayId);
    if (view.state !== 'open') throw wrongState(view, 'It is over: create another one.');
    return view;
  }

  projections(): { name: string; tables: readonly string[]; types: readonly string[] }[] {
    return Object.entries(this.config.rebuilds).map(([name, rebuild]) => ({ name, ...rebuild }));
  }

  list(): Promise<AdmissionView[]> {
    return this.asMessaging((tx) => this.store.latest(tx, LIST_LIMIT));
  }

  async show(replayId: Id): Promise<AdmissionView> {
    const view = isId(replayId)
      ? await this.asMessaging((tx) => this.store.find(tx, replayId))
      : undefined;
    if (view === undefined) throw notFound('replay');
    return view;
  }

  /** Ends it: what still comes of it has no effect. A rebuild that is cancelled loses its shadow. */
  async close(replayId: Id, state: 'done' | 'cancelled'): Promise<AdmissionView> {
    const view = await this.show(replayId);
    if (view.state === state) return view;
    if (view.state !== 'open' && view.state !== 'opening') throw wrongState(view);
    if (state === 'done' && view.mode === 'rebuild') {
      throw wrongState(view, 'A rebuild ends when it is swapped in or cancelled.');
    }
    await this.betweenEvents(async (tx) => {
      await this.store.close(tx, replayId, state);
      if (view.mode === 'rebuild') await this.store.dropShadow(tx, replayId);
    });
    return this.show(replayId);
  }

  /** What a swap would change, read while both sets of tables go on being written. */
  async verify(replayId: Id): Promise<Verification> {
    const { missed } = await this.openRebuild(replayId);
    return this.patiently(async (tx) => {
      const early = await this.store.early(tx, replayId, this.config.service);
      return { replayId, missed, early, tables: await this.store.compare(tx, replayId) };
    });
  }

  /**
   * Puts the shadow tables in the place of those in use. `acceptMissing` is how many rows may
   * disappear: more than 0 when history goes back further than the events that are kept.
   */
  async swap(replayId: Id, acceptMissing = 0): Promise<AdmissionView> {
    const { missed, tables } = await this.verify(replayId);
    if (missed > 0) {
      const detail = `The shadow misses ${missed} events it could not take. Cancel the rebuild, mend what the log names, and begin again.`;
      throw new Refusal('conflict', 'rebuild-incomplete', detail);
    }
    const missing = tables.reduce((sum, table) => sum + table.missing, 0);
    if (missing > acceptMissing) {
      const detail = `${missing} rows in use are not in the shadow and would disappear; ${acceptMissing} may. See the verification.`;
      throw new Refusal('conflict', 'rows-would-disappear', detail);
    }
    await this.patiently((tx) => this.store.prepareSwap(tx, replayId));
    await this.betweenEvents(async (tx) => {
      await this.refuseEarly(tx, replayId);
      await this.store.swap(tx, replayId);
    });
    return this.show(replayId);
  }

  /** Drops the tables that a swap took out of use. */
  async drop(replayId: Id): Promise<AdmissionView> {
    const view = await this.show(replayId);
    if (view.state === 'dropped') return view;
    if (view.state !== 'swapped') {
      throw wrongState(view, 'Only what a swap has retired can be dropped; cancel an open one.');
    }
    await this.betweenEvents(async (tx) => {
      await this.store.dropShadow(tx, replayId);
      await this.store.close(tx, replayId, 'dropped');
    });
    return this.show(replayId);
  }

  /**
   * What these events lead to is told only when the service has them by the usual way, and it
   * would find them known in the new tables and say nothing.
   */
  private async refuseEarly(tx: Tx, replayId: Id): Promise<void> {
    const early = await this.store.early(tx, replayId, this.config.service);
    if (early === 0) return;
    const detail = `${early} events of the shadow have not reached ${this.config.service} by the usual way. Let its queues run empty; if they are, cancel this, repair first, and rebuild then.`;
    throw new Refusal('conflict', 'rebuild-ahead', detail);
  }

  /** While no event of a replay is being applied. Never queues up for long: others queue behind. */
  private async betweenEvents(work: (tx: Tx) => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.asMessaging(async (tx) => {
          await tx.query(`SELECT set_config('lock_timeout', '250ms', true)`);
          await this.store.holdAlone(tx);
          await work(tx);
        });
      } catch (error) {
        if (!isContention(error)) throw error;
        if (tries >= TRIES) {
          const detail = 'The tables are in use without a pause; nothing was changed. Try again.';
          throw new Refusal('unavailable', 'tables-in-use', detail, [], 30);
        }
      }
      // Those who queued up behind the attempt go first.
      await pause(100 + Math.random() * 400);
    }
  }

  private planOf({ mode, projection, types }: AdmissionRequest) {
    if (mode === 'rebuild') {
      const rebuild = this.config.rebuilds[projection ?? ''];
      if (rebuild !== undefined && types === undefined) {
        return { projection: projection ?? '', types: [...rebuild.types] };
      }
      const names = Object.keys(this.config.rebuilds);
      const known = names.length === 0 ? 'nothing' : names.join(', ');
      throw types === undefined
        ? invalid('projection', `${this.config.service} can rebuild ${known}`)
        : invalid('types', 'follow from the projection in a rebuild');
    }
    if (projection !== undefined) throw invalid('projection', 'belongs to a rebuild');
    const consumed = this.config.events
      .filter((event) => event.consumers.includes(this.config.service))
      .map((event): string => event.type);
    const foreign = types?.find((type) => !consumed.includes(type));
    if (foreign !== undefined) {
      throw invalid('types', `${this.config.service} does not consume ${foreign}`);
    }
    return { projection: null, types: [...(types ?? consumed)] };
  }

  private async makeShadow(tx: Tx, replayId: Id, projection: string): Promise<void> {
    const declared = [...(this.config.rebuilds[projection]?.tables ?? [])].sort().join(', ');
    const migrated = (await this.store.rebuildableTables(tx, projection)).sort().join(', ');
    if (declared !== migrated) {
      const detail = `The service names the tables ${declared}, its migrations ${migrated}.`;
      throw new Refusal('conflict', 'not-rebuildable', detail);
    }
    try {
      await this.store.makeShadow(tx, replayId);
    } catch (error) {
      // P0001 is RAISE: a sentence of our own about the tables.
      if ((error as { code?: unknown }).code !== 'P0001') throw error;
      throw new Refusal('conflict', 'not-rebuildable', (error as Error).message);
    }
  }

  private async busy(tx: Tx): Promise<Refusal> {
    const current = await this.store.current(tx);
    const which = current === undefined ? 'Another replay' : `The ${current.mode}`;
    const detail = `${which} ${current?.replayId ?? ''} of ${this.config.service} is not over: finish or cancel it first.`;
    return new Refusal('conflict', 'replay-in-progress', detail.replace('  ', ' '));
  }

  private async openRebuild(replayId: Id): Promise<AdmissionView> {
    const view = await this.show(replayId);
    if (view.mode !== 'rebuild') throw wrongState(view, 'A repair works on the tables in use.');
    if (view.state !== 'open') throw wrongState(view);
    return view;
  }

  /** For statements that read whole tables. */
  private patiently<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.asMessaging(async (tx) => {
      await tx.query(`SELECT set_config('statement_timeout', '30min', true)`);
      return work(tx);
    });
  }

  private asMessaging<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.transactions.asMessaging(work);
  }
}

function invalid(field: string, detail: string): Refusal {
  return new Refusal('invalid', 'invalid-replay', `${field}: ${detail}.`, [
    { pointer: `/${field}`, detail },
  ]);
}

function wrongState(view: { replayId: Id; mode: ReplayMode; state: AdmissionState }, more = '') {
  const detail = `The ${view.mode} ${view.replayId} is ${view.state}. ${more}`.trim();
  return new Refusal('conflict', 'replay-state', detail);
}
