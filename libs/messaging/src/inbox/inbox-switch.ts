import { type Id, newId } from '@parlance/kernel';
import type { TopologyMode } from '../config.js';
import type { MessagingLog } from '../log.js';

export const NO_REPLAY = '00000000-0000-0000-0000-000000000000';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether the inbox lets everything in again, to prove that the checker of `npm run faults` finds
 * what an inbox is for. Throws when that is asked for anywhere but in a test: it takes
 * PARLANCE_TEST_ONLY=1 beside PARLANCE_INBOX=off, and topics and queues of an emulator.
 */
export function isInboxOff(mode: TopologyMode, env: Environment = process.env): boolean {
  const { PARLANCE_INBOX, PARLANCE_TEST_ONLY } = env;
  if (PARLANCE_INBOX === undefined || PARLANCE_INBOX === '' || PARLANCE_INBOX === 'on')
    return false;
  if (PARLANCE_INBOX !== 'off') throw new Error('PARLANCE_INBOX must be on or off.');
  if (PARLANCE_TEST_ONLY !== '1' || mode !== 'create') {
    throw new Error(
      'PARLANCE_INBOX=off doubles effects. It is for tests alone: set PARLANCE_TEST_ONLY=1 too, ' +
        'and use an emulator (TOPOLOGY_MODE=create).',
    );
  }
  return true;
}

/** To be called at every start: nobody should overlook it. */
export function tellInboxOff(mode: TopologyMode, log: MessagingLog): void {
  if (!isInboxOff(mode)) return;
  log.error({}, 'THE INBOX IS OFF: every delivery has its effect again. Never outside of a test.');
}

/**
 * What a row of the inbox is filed under beside its event: the replay it belongs to, or none. With
 * the inbox off it is something new each time, so that every application has a row of its own.
 */
export function deliveryKey(replayId: Id | undefined, env: Environment = process.env): Id {
  if (replayId !== undefined) return replayId;
  const isOff = env.PARLANCE_INBOX === 'off' && env.PARLANCE_TEST_ONLY === '1';
  return isOff ? newId() : NO_REPLAY;
}
