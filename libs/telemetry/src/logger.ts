import { type Attributes, logs, SeverityNumber, trace } from '@opentelemetry/api';
import { pino, type Logger as PinoLogger } from 'pino';
import { requestContext } from './request-context.js';

export type Logger = PinoLogger;

/** Field names that never reach a log: credentials, answers and personal data. */
const REDACTED = [
  'password',
  'token',
  'authorization',
  'cookie',
  'secret',
  'responses',
  'answer',
  'email',
  'displayName',
  'name',
  'id_token',
  'accessToken',
  'refreshToken',
  'invitationCode',
].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

const SEVERITY: Record<number, SeverityNumber> = {
  20: SeverityNumber.DEBUG,
  30: SeverityNumber.INFO,
  40: SeverityNumber.WARN,
  50: SeverityNumber.ERROR,
  60: SeverityNumber.FATAL,
};

/** JSON lines on standard output, each with trace, request and institution; and OTLP log records. */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[redacted]' },
    mixin: correlation,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: describeError, err: describeError },
    hooks: {
      streamWrite: (line) => {
        emitRecord(line);
        return line;
      },
    },
  });
}

function correlation(): Record<string, string> {
  const fields: Record<string, string> = {};
  const span = trace.getActiveSpan()?.spanContext();
  if (span !== undefined) {
    fields.trace_id = span.traceId;
    fields.span_id = span.spanId;
  }
  const request = requestContext();
  if (request !== undefined) {
    fields.request_id = request.requestId;
    if (request.institutionId !== undefined) fields.institution_id = request.institutionId;
    if (request.personId !== undefined) fields.person_id = request.personId;
  }
  return fields;
}

/** Only what helps to find the fault: driver errors carry the values of the failed row. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 500) };
  const { name: type, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const described: Record<string, unknown> = { type, message: error.message.slice(0, 500), stack };
  if (code !== undefined) described.code = code;
  if (cause instanceof Error) described.cause = describeError(cause);
  return described;
}

/** Sends the redacted line, so that what leaves the process twice is checked once. */
function emitRecord(line: string): void {
  const record = JSON.parse(line) as Record<string, unknown>;
  const { msg, time, level, trace_id: traceId, span_id: spanId, ...rest } = record;
  const attributes: Attributes = {};
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'service') continue;
    attributes[key] = typeof value === 'object' ? JSON.stringify(value) : (value as string);
  }
  if (traceId !== undefined) {
    attributes.trace_id = String(traceId);
    attributes.span_id = String(spanId);
  }
  logs.getLogger('parlance').emit({
    body: String(msg ?? ''),
    timestamp: new Date(String(time)),
    severityText: String(level),
    severityNumber: SEVERITY[pino.levels.values[String(level)] ?? 30] ?? SeverityNumber.INFO,
    attributes,
  });
}
