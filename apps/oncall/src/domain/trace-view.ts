import type { Attributes, SpanKind, SpanRef, SpanStatus } from './telemetry.js';

/** Why a span stands where it does, when its parent does not say so. */
export type SpanNote =
  /** Its parent has not arrived, was not kept, or belongs to a caller who sends us nothing. */
  | 'parent-missing'
  /** It claims to start before its parent did: the clocks of two machines differ. */
  | 'clock-skew';

/** A span in its place of the tree. */
export interface ViewSpan extends SpanRef {
  parentId: string | null;
  /** `linked`: of another trace (a batch of the relay, a receive) that says it belongs here. */
  relation: 'own' | 'linked';
  depth: number;
  service: string;
  name: string;
  kind: SpanKind;
  status: SpanStatus;
  /** RFC 3339 with milliseconds. */
  startedAt: string;
  /** Since the first span of the view; negative for a receive that waited before. */
  offsetMs: number;
  durationMs: number;
  attributes: Attributes;
  links: SpanRef[];
  notes: SpanNote[];
}

export interface ViewLog {
  traceId: string | null;
  spanId: string | null;
  service: string;
  at: string;
  offsetMs: number;
  level: string;
  message: string;
  attributes: Attributes;
}

export interface OutboxRow {
  service: string;
  eventId: string;
  institutionId: string;
  type: string;
  subject: string;
  version: number;
  createdAt: string;
  publishedAt: string | null;
  failedAt: string | null;
  attempts: number;
  lastError: string | null;
}

export interface InboxRow {
  service: string;
  eventId: string;
  institutionId: string;
  consumer: string;
  type: string;
  receiveCount: number;
  processedAt: string;
}

export interface RecordRows {
  service: string;
  noun: string;
  rows: Record<string, unknown>[];
}

/** One try of one consumer at one event. */
export interface Delivery {
  service: string;
  receiveCount: number;
  /** `applied`, `duplicate`, `retry`, `dead`, `lost` or `outage`. */
  outcome: string;
  at: string;
  /** Null when only the inbox row is left of it. */
  durationMs: number | null;
}

/** The way of one event from its writer to everyone who took it. */
export interface Hop {
  eventId: string;
  type: string;
  from: string;
  createdAt: string;
  publishedAt: string | null;
  failedAt: string | null;
  /** Between the event's writing and its publication. */
  lagMs: number | null;
  deliveries: Delivery[];
}

export interface ServiceAnswer {
  service: string;
  status: 'answered' | 'not-reachable' | 'not-configured';
}

/** Everything known of a request, over all services. */
export interface TraceView {
  /** As asked for: a trace id or the id of a record. */
  id: string;
  /** The traces shown, oldest first; several when a record was touched by several requests. */
  traceIds: string[];
  startedAt: string | null;
  durationMs: number;
  services: ServiceAnswer[];
  /** In reading order: parents before children, siblings by time. */
  spans: ViewSpan[];
  logs: ViewLog[];
  hops: Hop[];
  outbox: OutboxRow[];
  inbox: InboxRow[];
  records: RecordRows[];
  /** True when there was more than is shown. */
  truncated: boolean;
}
