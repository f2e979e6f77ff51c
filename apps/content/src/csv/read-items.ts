import { setImmediate } from 'node:timers/promises';
import { compileItem } from '@parlance/assessment';
import { Refusal } from '@parlance/kernel';
import { contentHash } from '../content-hash.js';
import { fileReading } from '../qti/index.js';
import type { FileReading, Loss } from '../qti/index.js';
import type { ItemToPlan } from '../import-plan.js';
import { COLUMNS, isKnownColumn, NEEDED_COLUMNS } from './columns.js';
import { readTable } from './read-table.js';
import type { TableRow } from './read-table.js';
import { sourceOf } from './row-source.js';

export interface TableReading {
  items: ItemToPlan[];
  /** One for each row, named `row <line>`. */
  files: FileReading[];
  warnings: string[];
}

/**
 * Simple items, one a row. Rows that cannot be used are refused one by one with their line, and the
 * rest is read.
 *
 * @throws Refusal when there is nothing to go by; see `readTable`.
 */
export async function readItemTable(bytes: Buffer): Promise<TableReading> {
  const { columns, rows, warnings } = readTable(bytes);
  const missing = NEEDED_COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const detail = `The first row has to name the columns ${missing.join(', ')} too.`;
    throw new Refusal('unprocessable', 'table-without-columns', detail);
  }
  for (const name of columns) {
    if (name !== '' && !isKnownColumn(name)) {
      warnings.push(`The column "${name.slice(0, 60)}" was left out.`);
    }
  }
  const items: ItemToPlan[] = [];
  const files: FileReading[] = [];
  const lineOf = new Map<string, number>();
  for (const row of rows) {
    // Compiling holds the thread, so others get a turn between two rows.
    await setImmediate();
    const read = readRow(row, lineOf);
    files.push(read.file);
    if (read.item !== undefined) items.push(read.item);
  }
  return { items, files, warnings };
}

function readRow(
  row: TableRow,
  lineOf: Map<string, number>,
): { file: FileReading; item?: ItemToPlan } {
  const { line } = row;
  const name = `row ${line}`;
  const refused = (reason: string) => ({
    file: fileReading(name, 'refused', { reason: sentence(reason), line }),
  });
  const identifier = row.cells.get(COLUMNS.identifier) ?? identifierOf(row);
  const earlier = lineOf.get(identifier);
  if (earlier !== undefined) return refused(`is the same item as line ${earlier}`);
  const made = sourceOf(row, identifier);
  if ('fault' in made) return refused(made.fault);
  const compilation = compileItem(made.source);
  if (!compilation.ok) {
    const faults = compilation.faults.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`);
    return refused(faults.slice(0, 5).join('; '));
  }
  lineOf.set(identifier, line);
  const { delivery, scoring, warnings } = compilation.item;
  const { source } = made;
  const losses = warnings.map((detail): Loss => ({ code: 'authoring-note', detail, line }));
  return {
    file: fileReading(name, 'imported', { losses }),
    item: { file: name, identifier, title: delivery.title, delivery, scoring, source },
  };
}

/** A row without a name is known by what it asks, so that the same table again is the same items. */
function identifierOf({ cells }: TableRow): string {
  const [type, question] = [COLUMNS.type, COLUMNS.question].map((name) => cells.get(name) ?? '');
  return `row-${contentHash(JSON.stringify([type, question])).slice(0, 24)}`;
}

function sentence(reason: string): string {
  return `The row ${reason}.`.replace(/\.+$/, '.').slice(0, 1_900).toWellFormed();
}
