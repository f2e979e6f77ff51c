import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { firstPort } from '../start/options.js';
import { FAULTS } from './kinds/index.js';

export interface FaultOptions {
  seed: number;
  /** Names, in no order. */
  faults: string[];
  /** All there are. */
  isAll: boolean;
  minutes: number;
  submissions: number;
  inboxOff: boolean;
  port: number;
  /** Build of the version before, for deploy-mixed-versions. */
  previous: string | undefined;
  /** Keep data and logs of the platform there. */
  keep: string | undefined;
}

const DEFAULTS = { minutes: 8, submissions: 5000, port: 4920 };
/** A fixed run for every change, in about four minutes. */
const SHORT = { seed: 1, minutes: 3, submissions: 800 };
/** They take half a minute each, a machine without other work, or root. */
const LONG_FAULTS = [
  'paused-process',
  'deploy-mixed-versions',
  'institution-flood',
  'postgres-disk-full',
];

const HELP = `npm run faults -- [options]

Starts a platform of its own, drives it with concurrent learners, injects one fault after the other,
waits until it is quiet, and holds the databases against what the learners were told.

  --seed N           decides order, times and victims (default: a new one, which is printed)
  --fault NAME       this fault alone; may be given again (default: all)
  --minutes M        how long the faults take together, about (default ${DEFAULTS.minutes})
  --submissions N    at least so many (default ${DEFAULTS.submissions})
  --short            seed ${SHORT.seed}, ${SHORT.minutes} minutes, ${SHORT.submissions} submissions, without
                     ${LONG_FAULTS.join(', ')}
  --inbox off        switch the inboxes off: the run must then find duplicates and fail
  --previous DIR     a checkout of the version before, built, for deploy-mixed-versions
  --port N           first port of its platform (default ${DEFAULTS.port})
  --keep DIR         keep data, logs and history there (default: a folder that is removed)
  --list             the faults
  --help             this text

Exits 0 when nothing was lost, made up, doubled or overtaken and every fault was survived as it
should, 1 otherwise, 2 for wrong arguments. See docs/runbooks/faults.md.`;

/** Prints help, list or faults of the arguments and exits. */
export function faultOptions(args: string[]): FaultOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seed: { type: 'string' },
        fault: { type: 'string', multiple: true },
        minutes: { type: 'string' },
        submissions: { type: 'string' },
        short: { type: 'boolean', default: false },
        inbox: { type: 'string', default: 'on' },
        previous: { type: 'string' },
        port: { type: 'string', default: String(DEFAULTS.port) },
        keep: { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) end(HELP);
    if (values.list) end(listing());
    const preset = values.short
      ? SHORT
      : { ...DEFAULTS, seed: Math.floor(Math.random() * 1_000_000) };
    if (!['on', 'off'].includes(values.inbox)) throw new Error('--inbox must be on or off.');
    const faults = known(values.fault ?? usual(values.short));
    return {
      seed: numberOf('--seed', values.seed, preset.seed, 0, 2 ** 31),
      faults,
      isAll: faults.length === FAULTS.length,
      minutes: numberOf('--minutes', values.minutes, preset.minutes, 0, 600),
      submissions: numberOf('--submissions', values.submissions, preset.submissions, 1, 1_000_000),
      inboxOff: values.inbox === 'off',
      port: firstPort(values.port),
      previous: values.previous === undefined ? undefined : build(resolve(values.previous)),
      keep: values.keep === undefined ? undefined : resolve(values.keep),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

function end(text: string): never {
  console.log(text);
  process.exit(0);
}

function listing(): string {
  const width = Math.max(...FAULTS.map(({ name }) => name.length));
  return FAULTS.map(({ name, about }) => `${name.padEnd(width)}  ${about}`).join('\n');
}

function usual(isShort: boolean): string[] {
  const names = FAULTS.map(({ name }) => name);
  return isShort ? names.filter((name) => !LONG_FAULTS.includes(name)) : names;
}

function known(names: string[]): string[] {
  const unknown = names.filter((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown.length > 0) throw new Error(`There is no fault ${unknown.join(', ')}; see --list.`);
  return [...new Set(names)];
}

function numberOf(
  name: string,
  text: string | undefined,
  fallback: number,
  low: number,
  high: number,
): number {
  const number = text === undefined ? fallback : Number(text);
  const isWhole = Number.isInteger(number) || name === '--minutes';
  if (isWhole && number >= low && number <= high) return number;
  throw new Error(`${name} must be a number from ${low} to ${high}.`);
}

function build(folder: string): string {
  if (existsSync(join(folder, 'apps', 'grading', 'dist', 'src', 'main.js'))) return folder;
  throw new Error(`There is no build in ${folder}: run npm run build there first.`);
}
