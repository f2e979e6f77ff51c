/** Plain values an on-call engineer may see of a span or a log line. */
export type Attributes = Record<string, string | number | boolean | (string | number | boolean)[]>;

export const SPAN_KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const;
export type SpanStatus = (typeof SPAN_STATUSES)[number];

export interface SpanRef {
  /** 32 hexadecimal digits in lower case. */
  traceId: string;
  /** 16 hexadecimal digits in lower case. */
  spanId: string;
}

/** One finished piece of work. */
export interface Span extends SpanRef {
  parentId: string | null;
  service: string;
  name: string;
  kind: SpanKind;
  /** Microseconds since the epoch. */
  startUs: number;
  durationUs: number;
  status: SpanStatus;
  attributes: Attributes;
  links: SpanRef[];
}

export interface LogLine {
  traceId: string | null;
  spanId: string | null;
  service: string;
  /** Microseconds since the epoch. */
  atUs: number;
  level: string;
  message: string;
  attributes: Attributes;
}
