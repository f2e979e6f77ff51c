import type { Id } from '@parlance/kernel';
import type { ExportVersion, FileReading, WrittenFile } from '../qti/index.js';
import type { Change } from './publication.js';

/** What became of one file; of an imported item or test also which version it now is. */
export interface FileReport extends FileReading {
  identifier?: string;
  itemVersionId?: Id;
  testVersionId?: Id;
  /** `unchanged`: the version that was there before holds the very same. */
  change?: Change;
}

export interface ImportReport {
  id: Id;
  createdAt: string;
  testId?: Id;
  testVersionId?: Id;
  items: { imported: number; refused: number };
  files: FileReport[];
  /** About the package as a whole. */
  warnings: string[];
}

export type ExportFormat = `qti-${ExportVersion}`;

export interface ExportReport {
  id: Id;
  createdAt: string;
  format: ExportFormat;
  testVersionId?: Id;
  /** Items in the order of the test, then the test; with what each lost. */
  files: WrittenFile[];
}
