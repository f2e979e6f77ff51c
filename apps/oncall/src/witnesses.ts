import { Injectable } from '@nestjs/common';
import type { RecordTrace, TraceView } from '@parlance/platform';
import type { InboxRow, OutboxRow, RecordRows, ServiceAnswer } from './domain/trace-view.js';
import type { AskedService } from './oncall-config.js';
import { OperatorCalls } from './operator-calls.js';

/** What the services' own databases hold of some traces. */
export interface Evidence {
  services: ServiceAnswer[];
  outbox: OutboxRow[];
  inbox: InboxRow[];
  records: RecordRows[];
}

type Row = Record<string, unknown>;

/** Asks the services what they know, all at once. Never rejects: who is away is told as such. */
@Injectable()
export class Witnesses {
  constructor(private readonly calls: OperatorCalls) {}

  async of(traceIds: readonly string[]): Promise<Evidence> {
    const answers = await Promise.all(
      this.calls.services.map(async (service) => {
        const paths = traceIds.map((traceId) => `internal/traces/${traceId}`);
        return { service, views: await this.ask(service, paths, isView) };
      }),
    );
    const evidence: Evidence = { services: [], outbox: [], inbox: [], records: [] };
    for (const { service, views } of answers) {
      evidence.services.push(statusOf(service, views));
      for (const view of views ?? []) {
        evidence.outbox.push(...view.outbox.map((row) => outboxRow(service.name, row)));
        evidence.inbox.push(...view.inbox.map((row) => inboxRow(service.name, row)));
        const records = view.records.map((rows) => ({ service: service.name, ...rows }));
        evidence.records.push(...records);
      }
    }
    return evidence;
  }

  /** The traces that touched a record, oldest first, and who could be asked. */
  async tracesOf(recordId: string): Promise<{ traces: RecordTrace[]; services: ServiceAnswer[] }> {
    const answers = await Promise.all(
      this.calls.services.map(async (service) => {
        const found = await this.ask(service, [`internal/records/${recordId}`], hasTraces);
        return { traces: found?.[0]?.traces ?? [], answer: statusOf(service, found) };
      }),
    );
    const first = new Map<string, RecordTrace>();
    const all = answers.flatMap(({ traces }) => traces);
    for (const trace of all.sort((one, other) => one.at.localeCompare(other.at))) {
      if (!first.has(trace.traceId)) first.set(trace.traceId, trace);
    }
    return { traces: [...first.values()], services: answers.map(({ answer }) => answer) };
  }

  /** Undefined when the service is away, slow, or answers something else. */
  private async ask<T>(
    service: AskedService,
    paths: string[],
    isExpected: (body: unknown) => body is T,
  ): Promise<T[] | undefined> {
    if (service.url === undefined) return undefined;
    const signal = this.calls.patience();
    try {
      return await Promise.all(
        paths.map(async (path) => {
          const body = await this.calls.get(service, path, signal);
          if (!isExpected(body)) throw new Error(`${path}: not what was asked for`);
          return body;
        }),
      );
    } catch {
      return undefined;
    }
  }
}

function statusOf(service: AskedService, answer: unknown): ServiceAnswer {
  const away = service.url === undefined ? 'not-configured' : 'not-reachable';
  return { service: service.name, status: answer === undefined ? away : 'answered' };
}

function isView(body: unknown): body is TraceView {
  const view = body as Partial<TraceView> | null;
  return [view?.outbox, view?.inbox, view?.records].every(Array.isArray);
}

function hasTraces(body: unknown): body is { traces: RecordTrace[] } {
  return Array.isArray((body as { traces?: unknown } | null)?.traces);
}

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

function outboxRow(service: string, row: Row): OutboxRow {
  return {
    service,
    eventId: String(row.event_id),
    institutionId: String(row.institution_id),
    type: String(row.type),
    subject: String(row.subject),
    version: Number(row.version),
    createdAt: String(row.created_at),
    publishedAt: textOrNull(row.published_at),
    failedAt: textOrNull(row.failed_at),
    attempts: Number(row.attempts),
    lastError: textOrNull(row.last_error),
  };
}

function inboxRow(service: string, row: Row): InboxRow {
  return {
    service,
    eventId: String(row.event_id),
    institutionId: String(row.institution_id),
    consumer: String(row.consumer),
    type: String(row.type ?? ''),
    receiveCount: Number(row.receive_count ?? 1),
    processedAt: String(row.processed_at),
  };
}
