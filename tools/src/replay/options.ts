import { resolve } from 'node:path';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { SERVICES, type ServiceName } from '@parlance/events';
import { isId } from '@parlance/kernel';
import { defaultFolder } from '../start/layout.js';

export const ON_ONE = [
  'show',
  'wait',
  'pause',
  'resume',
  'cancel',
  'verify',
  'swap',
  'drop',
] as const;

export interface CreateOptions {
  consumer: ServiceName;
  mode: 'repair' | 'rebuild';
  projection: string | undefined;
  types: string[] | undefined;
  from: string | undefined;
  to: string | undefined;
  key: string | undefined;
  institutionId: string | undefined;
  ratePerSecond: number | undefined;
  reason: string;
  createdBy: string;
}

export type ReplayOptions = { folder: string } & (
  | { command: 'create'; create: CreateOptions; dryRun: boolean; wait: boolean }
  | { command: 'ls' }
  | { command: (typeof ON_ONE)[number]; id: string; acceptMissing: number }
);

const HELP = `npm run replay -- create --consumer SERVICE --mode repair|rebuild --reason TEXT [options]
npm run replay -- ls
npm run replay -- show|wait|pause|resume|cancel ID
npm run replay -- verify|swap|drop ID

Tells one service again what others told it in the last 30 days, from their outboxes.

  repair     applies to the tables in use what the service never got, and skips what it has
  rebuild    makes a projection anew in tables beside those in use, while these go on; then
             verify shows what would change, swap puts the new ones in their place, drop removes
             the old ones

Of create:
  --consumer SERVICE   who is told: ${SERVICES.join(', ')}
  --mode MODE          repair or rebuild
  --reason TEXT        why; kept with the replay
  --projection NAME    what to rebuild, e.g. cells of gradebook
  --type TYPE          of a repair: only events of this type; may be repeated
  --from, --to TIME    of a repair: only events written from and before this RFC 3339 instant
  --key KEY            of a repair: only events of this partition key (usually the subject's id)
  --institution ID     of a repair: only events of this institution
  --rate N             events per second from each owner (default 100)
  --dry-run            only count what would be sent, by type and day
  --no-wait            do not wait until everything is handled; see wait

  --accept-missing N   of swap: so many rows in use may disappear (default 0)
  --data DIR           data folder of the running platform (default .parlance)
  --help               this text

Services elsewhere: <SERVICE>_URL for each, and OPERATOR_SECRET.

Exits 0 when it is done, 1 when something failed or is missing, 2 for wrong arguments.`;

/** Prints help or faults and exits. */
export function replayOptions(args: string[]): ReplayOptions {
  try {
    const { values, positionals } = parse(args);
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const [command, id, ...more] = positionals;
    if (more.length > 0) throw new Error(`What is "${more[0]}"?`);
    const folder = resolve(values.data);
    if (command === 'ls' && id === undefined) return { folder, command };
    if (command === 'create' && id === undefined) {
      const { 'dry-run': dryRun, 'no-wait': noWait } = values;
      return { folder, command, dryRun, wait: !noWait, create: createOptions(values) };
    }
    const known = ON_ONE.find((one) => one === command);
    if (known === undefined) throw new Error('Say what to do: create, ls, show, ...');
    if (!isId(id)) throw new Error(`${known} needs the id of a replay; npm run replay -- ls.`);
    const acceptMissing = wholeNumber('--accept-missing', values['accept-missing'], 0);
    return { folder, command: known, id, acceptMissing };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ consumer: text, mode: text, projection: text, from: text, to: text, key: text },
      ...{ institution: text, rate: text, reason: text },
      type: { type: 'string', multiple: true },
      'dry-run': flag,
      'no-wait': flag,
      'accept-missing': { type: 'string', default: '0' },
      data: { type: 'string', default: process.env.PARLANCE_DATA ?? defaultFolder() },
      help: flag,
    },
  });
}

function createOptions(values: ReturnType<typeof parse>['values']): CreateOptions {
  const { mode, from, to, key, institution, projection, type: types, rate, reason } = values;
  const consumer = SERVICES.find((name) => name === values.consumer);
  if (consumer === undefined) throw new Error(`--consumer must be one of ${SERVICES.join(', ')}.`);
  if (mode !== 'repair' && mode !== 'rebuild') throw new Error('--mode must be repair or rebuild.');
  if (mode === 'rebuild') {
    if (projection === undefined) throw new Error('--mode rebuild needs --projection.');
    const narrow = Object.entries({ type: types, from, to, key, institution }).find(([, v]) => v);
    if (narrow) throw new Error(`A rebuild takes all of history; leave --${narrow[0]} out.`);
  } else if (projection !== undefined) {
    throw new Error('--projection belongs to --mode rebuild.');
  }
  if (reason === undefined || reason.trim() === '') throw new Error('--reason TEXT must say why.');
  const ratePerSecond = rate === undefined ? undefined : wholeNumber('--rate', rate, 1, 10_000);
  return {
    ...{ consumer, mode, projection, types, from, to, key, institutionId: institution },
    ...{ ratePerSecond, reason: reason.trim(), createdBy: userInfo().username },
  };
}

function wholeNumber(name: string, text: string, min: number, max = 2_000_000_000): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}.`);
}
