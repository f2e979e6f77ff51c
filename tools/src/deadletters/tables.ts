/** Widest line that is written. */
export const MAX_WIDTH = 100;

/** One column: its title, and its width or at most so much. */
export interface Column {
  title: string;
  most: number;
  /** Numbers stand on the right. */
  right?: boolean;
}

/**
 * Rows under their titles, each column as wide as it must be and never wider than it may. A row
 * may end in a line of its own.
 */
export function table(
  columns: readonly Column[],
  rows: readonly { cells: string[]; below?: string }[],
) {
  const widths = columns.map(({ title, most }, at) =>
    Math.min(most, Math.max(title.length, ...rows.map(({ cells }) => printable(cells[at]).length))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ right }, at) => {
        const cell = cut(printable(cells[at]), widths[at] ?? 0);
        return right ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
      })
      .join('  ')
      .trimEnd();
  const lines = [line(columns.map(({ title }) => title))];
  for (const { cells, below } of rows) {
    lines.push(line(cells));
    if (below !== undefined) lines.push(`  ${cut(printable(below), MAX_WIDTH - 2)}`);
  }
  return lines;
}

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** On one line and without anything that would steer a terminal. */
export function printable(text: string | undefined): string {
  return (text ?? '').replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}

/** To the second, in UTC. */
export function instantText(instant: string | null): string {
  return instant === null ? 'not known' : `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
}
