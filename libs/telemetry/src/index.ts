export * from './telemetry.js';
export type { FlowState } from './flow.js';
export type { Signal } from './losses.js';
export * from './request-context.js';
export * from './logger.js';
export * from './span.js';
export { type Span, SpanKind } from '@opentelemetry/api';
