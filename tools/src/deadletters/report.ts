import type { DryRun, Field, Group, Groups, Letters, LetterView, Pauses, Run } from './answers.js';
import { cut, instantText, MAX_WIDTH, printable, table } from './tables.js';

/** The groups, the paused types, and what could not be looked at. */
export function groupsText(found: Groups, pauses: Pauses): string[] {
  const count = found.groups.reduce((sum, group) => sum + group.count, 0);
  return [
    ...pausesText(pauses),
    count === 0 ? 'No dead letters fit.' : `${lettersText(count)}:`,
    ...(count === 0 ? [] : ['', ...groupTable(found.groups)]),
    ...placeNotes(found, pauses),
  ];
}

function groupTable(groups: readonly Group[]): string[] {
  return table(
    [
      { title: 'LETTERS', most: 8, right: true },
      { title: 'FAILED WITH', most: 18 },
      { title: 'FINGERPRINT', most: 16 },
      { title: 'TYPE', most: 29 },
      { title: 'LAST', most: 19 },
    ],
    groups.map((group) => ({
      cells: [
        String(group.count),
        group.errorCode,
        group.fingerprint,
        group.type ?? 'not known',
        instantText(group.lastAt),
      ],
      below: [
        `      in ${group.queue}`,
        `of ${group.institutions === 1 ? 'one institution' : `${group.institutions} institutions`}`,
        ...(group.tooOld > 0 ? [`${group.tooOld} too old`] : []),
      ].join(', '),
    })),
  );
}

function pausesText({ pauses }: Pauses): string[] {
  if (pauses.length === 0) return [];
  const rows = pauses.map(({ type, service, messages, pausedAt }) => ({
    cells: [type, service, String(messages), instantText(pausedAt)],
  }));
  const columns = [
    { title: 'PAUSED TYPE', most: 50 },
    { title: 'IN', most: 12 },
    { title: 'FAILED', most: 6, right: true },
    { title: 'SINCE', most: 19 },
  ];
  return [...table(columns, rows), '', 'Resume one with: npm run deadletters -- resume <type>', ''];
}

function placeNotes({ queues, isComplete }: Groups, { away }: Pauses): string[] {
  const named = (state: string) =>
    queues.filter((place) => place.state === state).map(({ name }) => name);
  const [missing, silent, busy] = [named('missing'), named('away'), named('busy')];
  return [
    ...(busy.length > 0 ? [`A redrive or discard is at work in ${busy.join(', ')}.`] : []),
    ...(silent.length > 0 ? [`Could not be asked: ${silent.join(', ')}.`] : []),
    ...(missing.length > 0 ? [`There are no such queues: ${missing.join(', ')}.`] : []),
    ...(away.length > 0 ? [`Paused types are not known of: ${away.join(', ')}.`] : []),
    ...(isComplete ? [] : ['There may be more letters than could be looked at.']),
  ].flatMap((note) => wrapped(note));
}

export function lettersTable({ letters, matched, isComplete }: Letters): string[] {
  if (matched === 0) return ['No dead letters fit.'];
  const rows = letters.map((letter) => ({
    cells: [letter.id, instantText(letter.arrivedAt), letter.type ?? 'not known'],
    below: `${letter.errorCode}, event ${letter.eventId ?? 'not known'}`,
  }));
  const more = letters.length < matched ? [`The latest ${letters.length} of ${matched}.`] : [];
  return [
    ...table(
      [
        { title: 'LETTER', most: 36 },
        { title: 'HERE SINCE', most: 19 },
        { title: 'TYPE', most: 41 },
      ],
      rows,
    ),
    ...more,
    ...(isComplete ? [] : ['There may be more letters than could be looked at.']),
  ];
}

export function letterText({ letter, waitingBehind, ...view }: LetterView): string[] {
  const facts: [string, string | number | null][] = [
    ['letter', letter.id],
    ['lies in', `${letter.queue} (${letter.kind}), for ${letter.service}`],
    ['failed with', `${letter.errorCode} ${letter.fingerprint}`],
    ['received', receivedText(letter.receiveCount)],
    ['event', letter.eventId],
    ['type', letter.type],
    ['institution', letter.institutionId],
    ['event made', instantText(letter.eventAt)],
    ['here since', instantText(letter.arrivedAt)],
    ['trace', letter.traceId],
    ['size', `${letter.bytes} bytes`],
  ];
  if (waitingBehind !== null) facts.push(['waiting', `${waitingBehind} later events of its key`]);
  return [
    ...facts.map(
      ([name, value]) => `${name.padEnd(12)} ${printable(String(value ?? 'not known'))}`,
    ),
    ...fieldTable('ENVELOPE', view.envelope),
    ...fieldTable('ATTRIBUTE', view.attributes),
    ...fieldTable('DATA', view.data, false),
    ...(letter.traceId === null ? [] : ['', `Its way: npm run trace -- ${letter.traceId}`]),
  ];
}

function receivedText(count: number | null): string | null {
  if (count === null) return null;
  return count === 1 ? 'once' : `${count} times`;
}

function fieldTable(title: string, fields: readonly Field[], hasValues = true): string[] {
  if (fields.length === 0) return [];
  const columns = [
    { title, most: 24 },
    { title: 'BYTES', most: 8, right: true },
    ...(hasValues ? [{ title: 'VALUE', most: 64 }] : []),
  ];
  const rows = fields.map(({ name, bytes, value }) => ({
    cells: [name, String(bytes), value ?? '(not shown)'],
  }));
  return ['', ...table(columns, rows)];
}

export function dryRunText(action: Run['action'], dryRun: DryRun): string[] {
  const { matched, tooOld, groups, isComplete } = dryRun;
  if (matched === 0) return ['No dead letters fit: there is nothing to do.'];
  const verb = action === 'redrive' ? 'redriven' : 'discarded';
  const count = action === 'redrive' ? matched - tooOld : matched;
  return [
    `${lettersText(count)} would be ${verb}:`,
    '',
    ...groupTable(groups),
    ...(action === 'redrive' && tooOld > 0
      ? [`${lettersText(tooOld)} would stay: older than the consumers remember.`]
      : []),
    ...(isComplete ? [] : ['There may be more letters than could be looked at.']),
  ];
}

const COUNTS: [keyof Run['counts'], string][] = [
  ['redriven', 'redriven'],
  ['discarded', 'discarded'],
  ['too-old', 'too old'],
  ['failed', 'failed'],
  ['not-deleted', 'sent but still there'],
];

export function countsText({ counts }: Run): string {
  const told = COUNTS.filter(([name]) => counts[name] > 0).map(
    ([name, text]) => `${counts[name]} ${text}`,
  );
  return told.length === 0 ? 'no letters' : told.join(', ');
}

/** The end of a run. */
export function runText(run: Run): string[] {
  return [
    `${run.action} ${run.state}: ${countsText(run)}.`,
    ...(run.fault === null ? [] : wrapped(run.fault)),
    ...(run.isComplete || run.fault !== null
      ? []
      : ['There may be more letters that fit: run it again.']),
    `On record as ${run.id}.`,
  ];
}

/** Whether every letter had the end that was asked for. */
export function isClean({ state, counts }: Run): boolean {
  return state === 'done' && counts['too-old'] + counts.failed + counts['not-deleted'] === 0;
}

export function auditText(runs: readonly Run[]): string[] {
  if (runs.length === 0) return ['Nothing was redriven or discarded so far.'];
  const columns = [
    { title: 'WHEN', most: 19 },
    { title: 'WHAT', most: 8 },
    { title: 'WHO', most: 16 },
    { title: 'CAME OF IT', most: 51 },
  ];
  return table(
    columns,
    runs.map((run) => ({
      cells: [
        instantText(run.startedAt),
        run.action,
        run.operator,
        `${run.state}: ${countsText(run)}`,
      ],
      below: `${Object.entries(run.filter)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}${run.reason === null ? '' : ` (${run.reason})`}`,
    })),
  );
}

function lettersText(count: number): string {
  return count === 1 ? 'One dead letter' : `${count} dead letters`;
}

/** A note over several lines. */
function wrapped(note: string): string[] {
  const lines: string[] = [];
  for (const word of printable(note).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= MAX_WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(cut(word, MAX_WIDTH));
  }
  return lines;
}
