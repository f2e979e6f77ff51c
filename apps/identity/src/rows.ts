import { Refusal } from '@parlance/kernel';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** What became of one row of a bulk request. */
export interface RowResult {
  index: number;
  status: 'created' | 'refused';
  id?: string;
  invitationCode?: string;
  error?: { code: string; detail: string };
}

export interface BulkResult {
  created: number;
  refused: number;
  results: RowResult[];
}

/** The row as its DTO, or why it is not one; a bad row never spoils the others. */
export function readRow<T extends object>(type: new () => T, row: unknown): T {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new Refusal('invalid', 'invalid-input', 'The row must be an object.');
  }
  const read = plainToInstance(type, row);
  const errors = validateSync(read, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) throw new Refusal('invalid', 'invalid-input', sentence(errors));
  return read;
}

function sentence(errors: ValidationError[]): string {
  return errors.flatMap((error) => Object.values(error.constraints ?? {})).join('; ');
}

/** Runs `work` on each row and keeps refusals as that row's result. */
export function decideRows<T>(
  rows: readonly unknown[],
  work: (row: unknown) => T,
): (T | Refusal)[] {
  return rows.map((row) => {
    try {
      return work(row);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
}

export function refusedRow(index: number, refusal: Refusal): RowResult {
  const { code, message } = refusal;
  const fault = refusal.faults[0];
  const detail = fault === undefined ? message : `${fault.pointer.slice(1)} ${fault.detail}`;
  return { index, status: 'refused', error: { code, detail } };
}

export function bulkResult(results: RowResult[]): BulkResult {
  const created = results.filter((result) => result.status === 'created').length;
  return { created, refused: results.length - created, results };
}
