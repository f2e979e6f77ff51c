import type { Logger } from '@parlance/telemetry';

/** A part of a process, closed in the order given; each within its own bound. */
export interface Closable {
  name: string;
  close(): Promise<unknown>;
}

/** Longest a process takes from the signal to its end; supervisors kill after 25 s. */
const MAX_CLOSE_MS = 22_000;

/**
 * Runs `close` once, on SIGTERM, SIGINT or when the supervisor is gone, and exits: 0 when all
 * parts closed, 1 when one failed or time ran out. A second signal changes nothing.
 */
export function closeOnSignal(logger: Logger, parts: () => readonly Closable[]): void {
  let closing = false;
  const end = async () => {
    if (closing) return;
    closing = true;
    const timer = setTimeout(() => {
      logger.error('closing took too long; ending now');
      process.exit(1);
    }, MAX_CLOSE_MS);
    const failed = await closeAll(logger, parts());
    clearTimeout(timer);
    process.exit(failed ? 1 : 0);
  };
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => void end());
  process.on('disconnect', () => void end());
}

async function closeAll(logger: Logger, parts: readonly Closable[]): Promise<boolean> {
  let failed = false;
  for (const part of parts) {
    try {
      await part.close();
    } catch (error) {
      failed = true;
      logger.error({ error, part: part.name }, 'a part did not close');
    }
  }
  return failed;
}

/** An error nobody caught is a bug: say which, then end, because the state is unknown. */
export function endOnUncaught(logger: Logger): void {
  const end = (error: unknown) => {
    logger.fatal({ error }, 'uncaught error');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
