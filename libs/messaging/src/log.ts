/** The little of a logger that messaging needs; pino fits. Payloads are never passed to it. */
export interface MessagingLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Injection token of an optional MessagingLog. */
export const MESSAGING_LOG: unique symbol = Symbol('parlance.messaging-log');

export const silentLog: MessagingLog = { info() {}, warn() {}, error() {} };

/**
 * What may be written of an error: its class, code and place. Messages of database errors are cut
 * at the first line because what follows may quote a row.
 */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error ? error.code : undefined;
  return {
    error: error.name,
    errorCode: typeof code === 'string' ? code : undefined,
    errorMessage: error.message.split('\n')[0]?.slice(0, 300),
    stack: error.stack?.split('\n').slice(1, 8).join('\n'),
  };
}
