import { CannotReplay } from './operator-calls.js';
import type { Replaying } from './replaying.js';
import { handledOf, isFinished, type Replay, sentOf } from './views.js';

const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 5_000;
/** Without any progress for so long, waiting on is of no use. */
const STUCK_MS = 120_000;

/**
 * Waits until everything is sent and dealt with, and ends a repair. Throws CannotReplay when it is
 * cancelled or paused, or when events do not arrive.
 */
export async function waitFor(
  replaying: Replaying,
  id: string,
  say: (text: string) => void,
): Promise<Replay> {
  let last = '';
  let saidAt = -Infinity;
  let movedAt = Date.now();
  for (;;) {
    const replay = await replaying.show(id);
    const { admitted, sent } = replay;
    if (admitted.state !== 'open') return replay;
    const stopped = sent.find(({ state }) => state === 'paused' || state === 'cancelled');
    if (stopped !== undefined) {
      throw new CannotReplay(`${stopped.owner} has it ${stopped.state}: resume or cancel it.`);
    }
    if (isFinished(replay)) return conclude(replaying, replay);
    const now = `${sentOf(replay)} sent, ${handledOf(replay)} handled`;
    if (now !== last) movedAt = Date.now();
    if (now !== last && Date.now() - saidAt > SAY_EVERY_MS) {
      say(now);
      saidAt = Date.now();
    }
    last = now;
    if (Date.now() - movedAt > STUCK_MS) throw stuck(replay);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function conclude(replaying: Replaying, replay: Replay): Promise<Replay> {
  if (replay.admitted.mode === 'repair') await replaying.end(replay.admitted, 'done');
  const after = await replaying.show(replay.admitted.replayId);
  const refused = after.sent.reduce((sum, one) => sum + one.refused, 0);
  if (refused === 0) return after;
  throw new CannotReplay(`SQS refused ${refused} events; the logs of their owners name them.`);
}

function stuck(replay: Replay): CannotReplay {
  const { consumer } = replay.admitted;
  const failing = replay.sent.find(({ lastError }) => lastError !== null);
  if (failing !== undefined) {
    return new CannotReplay(`${failing.owner} cannot send: ${failing.lastError}.`);
  }
  const left = sentOf(replay) - handledOf(replay);
  return new CannotReplay(
    `Nothing moved for ${STUCK_MS / 1000} s; ${left} events have not been handled. Look for dead ` +
      `letters and at the log of ${consumer}; then npm run replay -- wait or cancel.`,
  );
}
