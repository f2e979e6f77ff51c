/** What `GET /api/v1/traces/{id}` of on-call answers: everything known of a request. */
export interface TraceView {
  id: string;
  traceIds: string[];
  startedAt: string | null;
  durationMs: number;
  services: { service: string; status: 'answered' | 'not-reachable' | 'not-configured' }[];
  /** In reading order: parents before children, siblings by time. */
  spans: ViewSpan[];
  logs: ViewLog[];
  hops: Hop[];
  outbox: OutboxRow[];
  inbox: InboxRow[];
  records: { service: string; noun: string; rows: Record<string, unknown>[] }[];
  truncated: boolean;
}

export type Attributes = Record<string, unknown>;

export interface ViewSpan {
  traceId: string;
  spanId: string;
  parentId: string | null;
  relation: 'own' | 'linked';
  depth: number;
  service: string;
  name: string;
  kind: string;
  status: 'unset' | 'ok' | 'error';
  startedAt: string;
  /** Since the first span of the view. */
  offsetMs: number;
  durationMs: number;
  attributes: Attributes;
  links: { traceId: string; spanId: string }[];
  notes: ('parent-missing' | 'clock-skew')[];
}

export interface ViewLog {
  spanId: string | null;
  service: string;
  at: string;
  offsetMs: number;
  level: string;
  message: string;
  attributes: Attributes;
}

export interface Hop {
  eventId: string;
  type: string;
  from: string;
  createdAt: string;
  publishedAt: string | null;
  failedAt: string | null;
  lagMs: number | null;
  deliveries: {
    service: string;
    receiveCount: number;
    outcome: string;
    at: string;
    durationMs: number | null;
  }[];
}

export interface OutboxRow {
  service: string;
  eventId: string;
  type: string;
  subject: string;
  version: number;
  createdAt: string;
  publishedAt: string | null;
  failedAt: string | null;
  attempts: number;
}

export interface InboxRow {
  service: string;
  eventId: string;
  consumer: string;
  type: string;
  receiveCount: number;
  processedAt: string;
}
