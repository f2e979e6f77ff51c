import { type Outcome, runCommand } from './commands.js';
import { OncallClient, OncallSaidNo } from './oncall-client.js';
import { deadlettersOptions, HELP, type Options, WrongArguments } from './options.js';

const EXIT_CODES = { unknown: 1, refused: 1, away: 3 };

const options = optionsOrExit();
let lastProgress = '';
try {
  const outcome = await runCommand(OncallClient.find(options), options, progress);
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
  if (text === lastProgress) return;
  lastProgress = text;
  console.error(text);
}

function print({ lines, json }: Outcome): void {
  console.log(options.json ? JSON.stringify(json, null, 2) : lines.join('\n'));
}
