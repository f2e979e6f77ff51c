import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRunFile } from '../start/run-file.js';
import { secretsIn } from '../start/secrets.js';
import { fetchTrace, TraceUnavailable } from './fetch-trace.js';
import { type TraceOptions, traceOptions } from './options.js';
import { renderTrace } from './render.js';

const EXIT_CODES = { unknown: 1, refused: 2, away: 3 };

const options = traceOptions(process.argv.slice(2));
try {
  const view = await fetchTrace(addressOf(options), secretOf(options), options.id);
  const { stdout } = process;
  const width = stdout.isTTY ? stdout.columns : 500;
  const colour = stdout.isTTY && !process.env.NO_COLOR;
  stdout.write(
    options.json ? `${JSON.stringify(view, null, 2)}\n` : renderTrace(view, { colour, width }),
  );
} catch (error) {
  if (!(error instanceof TraceUnavailable)) throw error;
  console.error(error.message);
  process.exitCode = EXIT_CODES[error.fault];
}

function addressOf({ url, folder }: TraceOptions): string {
  if (url !== undefined) return url;
  const run = readRunFile(folder);
  if (run !== undefined) return run.oncall;
  throw new TraceUnavailable(
    'away',
    `Nothing runs from ${folder}. Start the platform with npm start, or name its data folder with ` +
      '--data DIR, or the address of on-call with --url URL.',
  );
}

function secretOf({ folder }: TraceOptions): string {
  const { OPERATOR_SECRET } = process.env;
  if (OPERATOR_SECRET) return OPERATOR_SECRET;
  // Reading them would make new ones where there are none.
  if (existsSync(join(folder, 'secrets.json'))) return secretsIn(folder).operatorSecret;
  throw new TraceUnavailable(
    'refused',
    `There is no secrets.json in ${folder}: set OPERATOR_SECRET to the secret of the installation.`,
  );
}
