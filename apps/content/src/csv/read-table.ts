import { Refusal } from '@parlance/kernel';
import { CsvError, parse } from 'csv-parse/sync';
import { decodeTable } from './decode-table.js';

export const TABLE_LIMITS = {
  bytes: 5 * 1024 * 1024,
  rows: 2_000,
  columns: 50,
  /** Of one row, in characters. */
  rowCharacters: 100_000,
} as const;

/** One row by the names of its columns; cells that are empty are not there. */
export interface TableRow {
  /** Where it begins, from 1: a cell may hold several lines. */
  line: number;
  cells: ReadonlyMap<string, string>;
  /** Cells beyond the last named column. */
  extra: number;
}

export interface Table {
  columns: string[];
  rows: TableRow[];
  warnings: string[];
}

/**
 * A table of RFC 4180 with names of columns in its first row. Names are taken without regard to
 * case; rows without a single cell are left out.
 *
 * @throws Refusal (unprocessable) `table-not-text`, `table-malformed`, `table-too-large` or
 * `table-without-columns`.
 */
export function readTable(bytes: Buffer): Table {
  if (bytes.length > TABLE_LIMITS.bytes) throw tooLarge('bytes');
  const { text, separator, warnings } = decodeTable(bytes);
  const [heading, ...records] = parsed(text, separator);
  const columns = (heading?.cells ?? []).map((name) => name.trim().toLowerCase());
  if (columns.length > TABLE_LIMITS.columns) throw tooLarge('columns');
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) < index);
  if (columns.every((name) => name === '') || twice !== undefined) {
    const why = twice === undefined ? 'has no names of columns' : `names "${twice}" twice`;
    const detail = `The first row ${why}.`;
    throw new Refusal('unprocessable', 'table-without-columns', detail);
  }
  const filled = records.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (filled.length > TABLE_LIMITS.rows) throw tooLarge('rows');
  const rows = filled.map(({ line, cells }): TableRow => {
    const named = columns.flatMap((name, index): [string, string][] => {
      const cell = cells[index]?.trim() ?? '';
      return name === '' || cell === '' ? [] : [[name, cell]];
    });
    const beyond = cells.slice(columns.length).filter((cell) => cell.trim() !== '');
    return { line, cells: new Map(named), extra: beyond.length };
  });
  return { columns, rows, warnings };
}

function parsed(text: string, separator: string): { line: number; cells: string[] }[] {
  let line = 1;
  return recordsOf(text, separator).map((cells) => {
    const begins = line;
    line += 1 + cells.reduce((sum, cell) => sum + linesWithin(cell), 0);
    const characters = cells.reduce((sum, cell) => sum + cell.length, 0);
    if (characters > TABLE_LIMITS.rowCharacters) {
      throw malformed(begins, 'the row is too long; a quotation mark may be missing.');
    }
    return { line: begins, cells };
  });
}

/** Empty lines are records too, so that lines can be counted. */
function recordsOf(text: string, separator: string): string[][] {
  const most = TABLE_LIMITS.rows * 2;
  try {
    const options = { bom: true, delimiter: separator, relax_column_count: true };
    const records: string[][] = parse(text, { ...options, to: most + 1 });
    if (records.length > most) throw tooLarge('rows');
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line: unknown = error['lines'];
    throw malformed(Number(line), 'a quotation mark is missing or out of place.');
  }
}

function malformed(line: number, reason: string): Refusal {
  const detail = `The table is malformed at line ${line}: ${reason}`;
  return new Refusal('unprocessable', 'table-malformed', detail);
}

function linesWithin(cell: string): number {
  return cell.split(/\r\n|\r|\n/).length - 1;
}

function tooLarge(what: 'bytes' | 'rows' | 'columns'): Refusal {
  const detail = `The table has more than ${TABLE_LIMITS[what]} ${what}.`;
  return new Refusal('unprocessable', 'table-too-large', detail);
}
