import { type Outcome, runCommand } from './commands.js';
import { OncallClient, OncallSaidNo } from './oncall-client.js';
import { deadlettersOptions, HELP, type Options, WrongArguments } from './options.js';
import { MAX_WIDTH } from './tables.js';

/** A log needs no more. */
const TOLD_EVERY_MS = 5_000;
const EXIT_CODES = { unknown: 1, refused: 1, away: 3 };

const options = optionsOrExit();
let toldAtMs = 0;
try {
  const outcome = await runCommand(OncallClient.find(options), options, progress);
  endProgress();
  print(outcome);
  process.exitCode = outcome.isGood ? 0 : 1;
} catch (error) {
  if (!(error instanceof OncallSaidNo)) throw error;
  console.error(error.message);
  process.exitCode = EXIT_CODES[error.fault];
}

function optionsOrExit(): Options {
  try {
    const given = deadlettersOptions(process.argv.slice(2));
    if (given !== undefined) return given;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** To the error stream, so that what is piped on is the result alone. */
function progress(text: string): void {
  const { stderr } = process;
  if (stderr.isTTY) stderr.write(`\r${text.padEnd(MAX_WIDTH - 1)}`);
  else if (Date.now() - toldAtMs >= TOLD_EVERY_MS) {
    console.error(text);
    toldAtMs = Date.now();
  }
}

function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(MAX_WIDTH - 1)}\r`);
}

function print({ lines, json }: Outcome): void {
  console.log(options.json ? JSON.stringify(json, null, 2) : lines.join('\n'));
}
