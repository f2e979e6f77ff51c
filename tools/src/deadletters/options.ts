import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultFolder } from '../start/layout.js';

export const COMMANDS = ['ls', 'show', 'redrive', 'discard', 'resume', 'audit'] as const;

export type Command = (typeof COMMANDS)[number];

/** Which letters are meant, as on-call understands it. */
export interface Filter {
  queue?: string;
  type?: string;
  institutionId?: string;
  fingerprint?: string;
  /** RFC 3339 instant. */
  since?: string;
  id?: string;
}

export interface Options {
  command: Command;
  /** What is shown or resumed; empty for the other commands. */
  subject: string;
  filter: Filter;
  /** `ls` lists letters instead of groups. */
  letters: boolean;
  dryRun: boolean;
  yes: boolean;
  ratePerSecond: number;
  reason: string | undefined;
  operator: string;
  json: boolean;
  /** Undefined: found through the run file of the platform. */
  url: string | undefined;
  folder: string;
}

/** The arguments do not fit; the message says how. */
export class WrongArguments extends Error {}

export const HELP = `npm run deadletters -- <command> [options]

Messages that could not be handled, delivered or published, and what to do about them.

  ls                groups by queue, type and error; paused types. With --letters one by one
  show <id>         one letter: why it is here, its envelope, names and sizes of its data
  redrive           puts letters back into the queue they came from, as they were
  discard           deletes letters; needs --reason
  resume <type>     lets a paused type of event be handled again
  audit             the latest redrives and discards

Which letters (redrive and discard need at least one of these):
  --queue NAME          a dead-letter queue, the queue it belongs to, or <service>-outbox
  --type TYPE           type of event, e.g. grading.attempt-scored.v1
  --institution ID      of one institution
  --fingerprint HEX     that failed in this way: 16 digits, from ls
  --since WHEN          made or come here since: 30m, 2h, 3d, or an RFC 3339 instant
  --id ID               one letter, by its own id or that of its event

How:
  --yes                 do it; without, redrive and discard show what they would do
  --dry-run             only show it, even with --yes
  --rate N              letters per second, 1 to 500 (default 50)
  --reason TEXT         why, for the record
  --operator NAME       who, for the record (default: your user name here)
  --json                what on-call answers, as JSON
  --url URL             on-call of another installation; give its secret as OPERATOR_SECRET
  --data DIR            data folder of the running platform (default .parlance)
  --help                this text

Exits 0 when all went well, 1 when a letter failed or was refused or nothing was found, 2 for wrong
arguments, 3 when nothing runs or on-call does not answer.`;

/** Throws WrongArguments; undefined when help was asked for. */
export function deadlettersOptions(args: string[], nowMs = Date.now()): Options | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const [command, subject, ...more] = positionals;
  if (!isCommand(command)) {
    throw new WrongArguments(`Give one of these commands: ${COMMANDS.join(', ')}.`);
  }
  const needsSubject = command === 'show' || command === 'resume';
  if (needsSubject !== (subject !== undefined) || more.length > 0) {
    const wanted = command === 'show' ? 'the id of one letter' : 'one type of event';
    throw new WrongArguments(needsSubject ? `Give ${wanted}.` : `${command} takes options alone.`);
  }
  const filter = filterOf(values, nowMs);
  const moves = command === 'redrive' || command === 'discard';
  if (moves && Object.keys(filter).length === 0) {
    throw new WrongArguments(
      `Say which letters to ${command}, e.g. with --fingerprint or --queue.`,
    );
  }
  if (command === 'discard' && !values.reason?.trim()) {
    throw new WrongArguments('Say with --reason why these events may be lost.');
  }
  return {
    command,
    subject: subject?.trim() ?? '',
    filter,
    letters: values.letters,
    dryRun: values['dry-run'],
    yes: values.yes,
    ratePerSecond: rateOf(values.rate),
    reason: values.reason?.trim() || undefined,
    operator: values.operator?.trim() || userInfo().username,
    json: values.json,
    url: urlOf(values.url),
    folder: resolve(values.data),
  };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        queue: text,
        type: text,
        institution: text,
        fingerprint: text,
        since: text,
        id: text,
        letters: flag,
        'dry-run': flag,
        yes: flag,
        rate: { ...text, default: '50' },
        reason: text,
        operator: text,
        json: flag,
        url: text,
        data: { ...text, default: process.env.PARLANCE_DATA ?? defaultFolder() },
        help: flag,
      },
    });
  } catch (error) {
    throw new WrongArguments((error as Error).message);
  }
}

type Values = ReturnType<typeof parsed>['values'];

function filterOf(values: Values, nowMs: number): Filter {
  const { queue, type, institution, fingerprint, since, id } = values;
  if (fingerprint !== undefined && !/^[0-9a-f]{16}$/.test(fingerprint)) {
    throw new WrongArguments('--fingerprint must be the 16 digits that ls shows.');
  }
  return {
    ...(queue && { queue }),
    ...(type && { type }),
    ...(institution && { institutionId: institution }),
    ...(fingerprint && { fingerprint }),
    ...(since && { since: sinceOf(since, nowMs) }),
    ...(id && { id }),
  };
}

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h` or an RFC 3339 instant, as an instant. */
function sinceOf(text: string, nowMs: number): string {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined)
    return new Date(nowMs - Number(count) * (UNITS[unit] ?? 0)).toISOString();
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text);
  const ms = isInstant ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new WrongArguments('--since must be like 30m, 2h, 3d or 2026-05-01T08:00:00Z.');
  }
  return new Date(ms).toISOString();
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (/^\d+$/.test(text) && rate >= 1 && rate <= 500) return rate;
  throw new WrongArguments('--rate must be a whole number from 1 to 500.');
}

function urlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const isHttp = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isHttp) throw new WrongArguments('--url must be an http or https address.');
  return text.replace(/\/$/, '');
}

function isCommand(text: string | undefined): text is Command {
  return COMMANDS.includes(text as Command);
}
