import {
  type DayCount,
  handledOf,
  isFinished,
  type Replay,
  sentOf,
  type Verification,
} from './views.js';

/** Rows in columns as wide as their widest cell; numbers to the right. */
function tableText(head: readonly string[], rows: readonly (string | number)[][]): string {
  const all = [[...head], ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => String(row[at]).length)));
  const isNumber = head.map((_, at) => rows.every((row) => typeof row[at] === 'number'));
  const line = (row: (string | number)[]) =>
    row
      .map((cell, at) =>
        isNumber[at]
          ? String(cell).padStart(widths[at] ?? 0)
          : String(cell).padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return all.map((row) => `  ${line(row)}`).join('\n');
}

export function previewText(counts: readonly DayCount[]): string {
  const total = counts.reduce((sum, { events }) => sum + events, 0);
  if (total === 0) return 'Nothing would be sent.';
  const rows = counts.map(({ owner, type, day, events }) => [day, owner, type, events]);
  return `${tableText(['day (UTC)', 'from', 'type', 'events'], rows)}\n\n${total} events.`;
}

export function listText(replays: readonly Replay[]): string {
  if (replays.length === 0) return 'There are no replays.';
  const rows = replays.map((replay) => {
    const { replayId, consumer, mode, projection, state, createdAt } = replay.admitted;
    const what = projection === null ? mode : `${mode} ${projection}`;
    const at = createdAt.slice(0, 16).replace('T', ' ');
    return [replayId, consumer, what, state, sentOf(replay), handledOf(replay), at];
  });
  return tableText(['id', 'consumer', 'mode', 'state', 'sent', 'handled', 'created (UTC)'], rows);
}

export function replayText(replay: Replay): string {
  const { admitted, sent } = replay;
  const { replayId, consumer, mode, projection, state, reason, createdBy, createdAt } = admitted;
  const { applied, skipped, missed } = admitted;
  const senders = sent.map((one) => [
    ...[one.owner, one.state, one.sent, one.refused],
    ...[`${Math.floor(one.progress * 100)} %`, one.lastError ?? ''],
  ]);
  return [
    `${mode}${projection === null ? '' : ` of ${projection}`} of ${consumer}: ${state}`,
    `  id       ${replayId}`,
    `  reason   ${reason} (${createdBy}, ${createdAt})`,
    `  handled  ${applied} applied, ${skipped} already known${missed > 0 ? `, ${missed} MISSED` : ''}`,
    '',
    tableText(['from', 'state', 'sent', 'refused', 'walked', 'trouble'], senders),
  ].join('\n');
}

export function verificationText({ missed, early, tables }: Verification): string {
  const rows = tables.map((one) => [
    ...[one.table, one.liveRows, one.shadowRows, one.missing, one.surplus, one.differing],
  ]);
  const head = ['table', 'in use', 'new', 'missing', 'surplus', 'differing'];
  const examples = tables.flatMap(({ table, examples: some }) =>
    some.map(({ key, is, columns }) => {
      const where = Object.entries(key).map(([name, value]) => `${name}=${value}`);
      const what = columns === null ? '' : ` in ${columns.join(', ')}`;
      return `  ${table} ${is}${what}: ${where.join(' ')}`;
    }),
  );
  return [
    tableText(head, rows),
    ...(examples.length === 0 ? ['', 'The tables are equal.'] : ['', 'Examples', ...examples]),
    ...(early === 0
      ? []
      : ['', `${early} events came here first: the service must have them by the usual way too.`]),
    ...(missed === 0 ? [] : ['', `${missed} events could not be taken: it cannot be swapped in.`]),
  ].join('\n');
}

/** What an operator does next. */
export function nextText(replay: Replay): string {
  const { admitted, sent } = replay;
  const { replayId, mode, state } = admitted;
  const run = (command: string) => `npm run replay -- ${command} ${replayId}`;
  if (state === 'swapped') return `Next: look at the service, then ${run('drop')}`;
  if (state !== 'open') return '';
  if (sent.some((one) => one.state === 'paused')) return `Next: ${run('resume')} or cancel`;
  if (mode === 'repair' || !isFinished(replay)) return `Next: ${run('wait')}`;
  return `Next: ${run('verify')}\n then ${run('swap')}`;
}
