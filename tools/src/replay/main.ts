import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { secretsIn } from '../start/secrets.js';
import { CannotReplay, OperatorCalls, serviceAddresses } from './operator-calls.js';
import { type ReplayOptions, replayOptions } from './options.js';
import { listText, nextText, previewText, replayText, verificationText } from './print.js';
import { Replaying } from './replaying.js';
import { handledOf, isFinished, type Replay, sentOf, type Verification } from './views.js';
import { waitFor } from './wait.js';

const options = replayOptions(process.argv.slice(2));
const say = (text: string) => console.log(text);
try {
  await run(options);
} catch (error) {
  if (!(error instanceof CannotReplay)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function run(asked: ReplayOptions): Promise<void> {
  const calls = new OperatorCalls(
    serviceAddresses(asked.folder, process.env),
    secretOf(asked.folder),
  );
  const replaying = new Replaying(calls);
  if (asked.command === 'ls') return say(listText(await replaying.list()));
  if (asked.command === 'create') {
    if (asked.dryRun) return say(previewText(await replaying.preview(asked.create)));
    const made = await replaying.create(asked.create, say);
    const { replayId } = made.admitted;
    return tell(asked.wait ? await waitFor(replaying, replayId, say) : made);
  }
  return onOne(calls, replaying, asked);
}

async function onOne(
  calls: OperatorCalls,
  replaying: Replaying,
  { command, id, acceptMissing }: Extract<ReplayOptions, { id: string }>,
): Promise<void> {
  if (command === 'wait') return tell(await waitFor(replaying, id, say));
  if (command === 'pause') return tell(await replaying.setState(id, 'paused'));
  if (command === 'resume') return tell(await replaying.setState(id, 'running'));
  if (command === 'cancel') return tell(await replaying.cancel(id));
  const before = await replaying.show(id);
  const { consumer } = before.admitted;
  const path = `replay-admissions/${id}`;
  if (command === 'verify') {
    say(verificationText(await calls.get<Verification>(consumer, `${path}/verification`)));
    return warnUnfinished(before);
  }
  if (command === 'swap') {
    requireFinished(before);
    await calls.call(consumer, 'POST', `${path}/swap`, { acceptMissing });
  }
  if (command === 'drop') await calls.call(consumer, 'DELETE', `${path}/retired-tables`);
  return tell(await replaying.show(id));
}

function tell(replay: Replay): void {
  say(replayText(replay));
  const next = nextText(replay);
  if (next !== '') say(`\n${next}`);
}

function warnUnfinished(replay: Replay): void {
  if (isFinished(replay)) return;
  const { replayId } = replay.admitted;
  say(`\nNot everything has been told yet: npm run replay -- wait ${replayId}`);
}

function requireFinished(replay: Replay): void {
  const { replayId, state } = replay.admitted;
  if (isFinished(replay) || state !== 'open') return;
  throw new CannotReplay(
    `Not everything has been told: ${sentOf(replay)} sent, ${handledOf(replay)} handled. ` +
      `First npm run replay -- wait ${replayId}`,
  );
}

function secretOf(folder: string): string {
  const { OPERATOR_SECRET } = process.env;
  if (OPERATOR_SECRET) return OPERATOR_SECRET;
  // Reading them would make new ones where there are none.
  if (existsSync(join(folder, 'secrets.json'))) return secretsIn(folder).operatorSecret;
  throw new CannotReplay(
    `There is no secrets.json in ${folder}: set OPERATOR_SECRET to the secret of the installation.`,
  );
}
