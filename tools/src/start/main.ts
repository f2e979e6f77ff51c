import { layoutOf } from './layout.js';
import { startOptions } from './options.js';
import { CannotStart, Platform, type Progress } from './platform.js';
import { readRunFile } from './run-file.js';
import { seedDemo } from './seed.js';
import type { Failure } from './supervised.js';

const options = startOptions(process.argv.slice(2));
const began = Date.now();
const seconds = () => ((Date.now() - began) / 1000).toFixed(1).padStart(5);
const say = (text: string) => console.log(`${seconds()} s  ${text}`);

const running = readRunFile(options.folder);
if (running !== undefined) {
  console.error(
    `Parlance already runs from ${options.folder}: process ${running.pid}, ${running.gateway}\n` +
      'Stop it with Ctrl-C there, or run a second one: npm start -- --data DIR --port N',
  );
  process.exit(1);
}

let platform: Platform | undefined;
let ending = false;

/** Ends everything once; a second signal while draining changes nothing. */
async function end(code: number): Promise<never> {
  if (ending) return new Promise(() => undefined);
  ending = true;
  say('stopping ...');
  await platform?.stop();
  say('stopped.');
  process.exit(code);
}

function tell(failure: Failure): void {
  console.error(`\n${failure.name} ${failure.reason}. Its last lines:`);
  for (const line of failure.lastLines) console.error(`  ${line}`);
  console.error(
    `\nThe whole log: ${failure.logFile}\n` +
      'Mend what it names and run npm start again; npm start -- --fresh starts over without data.',
  );
}

const progress: Progress = {
  step: say,
  failed: (failure) => {
    tell(failure);
    void end(1);
  },
};

process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));

try {
  const layout = layoutOf(options.folder, options.port);
  platform = Platform.prepare(layout, options.fresh, progress);
  await platform.start();
  const seeded = await seedDemo(layout, platform.secrets);
  say('ready.');
  console.log(seeded);
  process.send?.('ready');
} catch (error) {
  if (ending) await end(0);
  if (error instanceof CannotStart) console.error(`\n${error.message}`);
  else if (isFailure(error)) tell(error);
  else console.error(error);
  await end(1);
}

function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && 'lastLines' in error;
}
