import { Inject, Injectable } from '@nestjs/common';
import { isId, Refusal } from '@parlance/kernel';
import { Database } from '@parlance/platform';
import {
  type RecentFilter,
  type RecentTrace,
  recentTraces,
  servicesHeard,
} from './db/recent-traces.store.js';
import {
  logsOfTraces,
  MAX_LOGS,
  MAX_SPANS,
  spansLinkedTo,
  spansOfTraces,
} from './db/telemetry.store.js';
import { hopsOf } from './domain/hops.js';
import type { LogLine, Span } from './domain/telemetry.js';
import { beginningOf, extentMs, instantOf, treeOf } from './domain/trace-tree.js';
import type { ServiceAnswer, TraceView, ViewLog } from './domain/trace-view.js';
import { Intake } from './intake.js';
import { ONCALL_CONFIG, type OncallConfig } from './oncall-config.js';
import { type Evidence, Witnesses } from './witnesses.js';

/** Traces of one record that are shown together: its first, and the latest of the others. */
const MAX_TRACES = 10;

const TRACE_ID = /^[0-9a-f]{32}$/;

interface Telemetry {
  own: Span[];
  linked: Span[];
  logs: LogLine[];
}

const NO_TELEMETRY: Telemetry = { own: [], linked: [], logs: [] };
const STORE_AWAY: ServiceAnswer = { service: 'telemetry store', status: 'not-reachable' };

/** What happened: telemetry of here joined with what the services' databases say. */
@Injectable()
export class Traces {
  constructor(
    private readonly database: Database,
    private readonly witnesses: Witnesses,
    private readonly intake: Intake,
    @Inject(ONCALL_CONFIG) private readonly config: OncallConfig,
  ) {}

  /** By request id (trace id) or by the id of a record or event. Throws a Refusal: 400 or 404. */
  async find(text: string): Promise<TraceView> {
    const id = text.trim().toLowerCase();
    if (TRACE_ID.test(id)) return this.view(id, [id], 1);
    if (!isId(id)) {
      const detail =
        'Ask for a request id (32 hexadecimal digits) or the id of a submission or another record.';
      throw new Refusal('invalid', 'invalid-trace-id', detail);
    }
    const { traces, services } = await this.witnesses.tracesOf(id);
    if (traces.length === 0) throw this.unknown(id, services);
    const ids = traces.map(({ traceId }) => traceId);
    const rest = ids.slice(1).slice(-(MAX_TRACES - 1));
    return this.view(id, [...ids.slice(0, 1), ...rest], ids.length);
  }

  recent(filter: RecentFilter): Promise<{ traces: RecentTrace[]; services: string[] }> {
    return this.database.outsideInstitutions(async (tx) => ({
      traces: await recentTraces(tx, filter),
      services: await servicesHeard(tx, filter.minutes),
    }));
  }

  private async view(id: string, traceIds: string[], known: number): Promise<TraceView> {
    const [telemetry, evidence] = await Promise.all([
      this.telemetryOf(traceIds).catch(() => undefined),
      this.witnesses.of(traceIds),
    ]);
    // Our own database is one more witness: without it the others' rows still tell much.
    if (telemetry === undefined) evidence.services.push(STORE_AWAY);
    const { own, linked, logs } = telemetry ?? NO_TELEMETRY;
    const isKnown = [own, linked, logs, evidence.outbox, evidence.inbox].some(
      (list) => list.length > 0,
    );
    if (!isKnown) throw this.unknown(id, evidence.services);
    const beginning = beginningOf(own) ?? logs[0]?.atUs ?? beginningOf(linked);
    const spans = treeOf(own, linked);
    return {
      id,
      traceIds,
      startedAt: beginning === undefined ? firstInstant(evidence) : instantOf(beginning),
      durationMs: extentMs(own),
      services: evidence.services,
      spans,
      logs: logs.map((log) => viewLog(log, beginning ?? log.atUs)),
      hops: hopsOf(spans, evidence.outbox, evidence.inbox),
      outbox: evidence.outbox,
      inbox: evidence.inbox,
      records: evidence.records,
      truncated:
        own.length >= MAX_SPANS ||
        linked.length >= MAX_SPANS ||
        logs.length >= MAX_LOGS ||
        known > traceIds.length,
    };
  }

  private telemetryOf(traceIds: string[]): Promise<Telemetry> {
    return this.database.outsideInstitutions(async (tx) => ({
      own: await spansOfTraces(tx, traceIds),
      linked: await spansLinkedTo(tx, traceIds),
      logs: await logsOfTraces(tx, traceIds),
    }));
  }

  private unknown(id: string, services: ServiceAnswer[]): Refusal {
    const away = services.filter(({ status }) => status !== 'answered').map((s) => s.service);
    const { waitingRows } = this.intake.stats();
    const detail = [
      `Nothing is known of ${id}.`,
      `Spans and logs arrive some seconds after the request and are kept for`,
      `${this.config.retentionDays} days: if it was just made, ask again shortly.`,
      ...(waitingRows > 0 ? [`${waitingRows} rows wait to be stored.`] : []),
      ...(away.length > 0 ? [`Could not be asked: ${away.join(', ')}.`] : []),
    ];
    return new Refusal('not-found', 'trace-not-found', detail.join(' '));
  }
}

function viewLog(log: LogLine, beginning: number): ViewLog {
  const { atUs, ...rest } = log;
  return { ...rest, at: instantOf(atUs), offsetMs: (atUs - beginning) / 1000 };
}

function firstInstant({ outbox, inbox }: Evidence): string | null {
  const instants = [...outbox.map((row) => row.createdAt), ...inbox.map((row) => row.processedAt)];
  return instants.sort()[0] ?? null;
}
