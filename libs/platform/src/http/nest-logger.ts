import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@parlance/telemetry';

/** Nest's own lines as JSON; its start-up chatter only at level debug. */
export function nestLogger(logger: Logger): LoggerService {
  const line = (message: unknown, rest: unknown[]) => ({
    text: message instanceof Error ? message.message : String(message),
    context: rest.at(-1),
  });
  const write = (level: 'debug' | 'warn' | 'error') => {
    return (message: unknown, ...rest: unknown[]) => {
      const { text, context } = line(message, rest);
      logger[level]({ context: String(context ?? '') }, text);
    };
  };
  return { log: write('debug'), error: write('error'), warn: write('warn'), debug: write('debug') };
}
