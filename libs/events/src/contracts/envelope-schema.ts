const TRACE_CONTEXT = {
  traceparent: { type: 'string', description: 'W3C trace context of the writing of the event.' },
  tracestate: { type: 'string' },
};

/** The body of every message: CloudEvents 1.0 in JSON with our extension attributes. */
export const ENVELOPE_SCHEMA = {
  type: 'object',
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', format: 'uuid', description: 'UUIDv7; the key of every inbox.' },
    source: { type: 'string', description: 'A slash and the owner.' },
    type: { type: 'string', description: 'Ends in the major version.' },
    subject: { type: 'string', format: 'uuid', description: 'Id of the aggregate.' },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    data: { type: 'object', description: 'Empty when dataref is there.' },
    dataref: {
      type: 'object',
      description: 'Where data too large for a message lies in S3, and what it must hash to.',
      properties: {
        bucket: { type: 'string' },
        key: { type: 'string' },
        sha256: { type: 'string' },
        bytes: { type: 'integer', minimum: 0 },
      },
      required: ['bucket', 'key', 'sha256', 'bytes'],
    },
    ...TRACE_CONTEXT,
    tenant: { type: 'string', format: 'uuid', description: 'Id of the institution.' },
    partitionkey: { type: 'string', maxLength: 128, description: 'Events of one key keep order.' },
    sequence: { type: 'integer', minimum: 0, description: 'Version of the aggregate.' },
    correlationid: { type: 'string', description: 'Request id the client was given.' },
    causationid: { type: 'string', format: 'uuid', description: 'Id of the causing event.' },
  },
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'data',
    'tenant',
    'partitionkey',
    'sequence',
  ],
} as const;

/** The message attributes; the filters of the subscriptions look at `ce_type`. */
export const HEADERS_SCHEMA = {
  type: 'object',
  properties: {
    ce_id: { type: 'string', format: 'uuid' },
    ce_type: { type: 'string' },
    ce_subject: { type: 'string', format: 'uuid' },
    tenant: { type: 'string', format: 'uuid' },
    ...TRACE_CONTEXT,
  },
  required: ['ce_id', 'ce_type', 'ce_subject', 'tenant'],
} as const;
