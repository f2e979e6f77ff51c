export * from './telemetry.js';
export * from './request-context.js';
export * from './logger.js';
export * from './span.js';
export { type Span, SpanKind } from '@opentelemetry/api';
