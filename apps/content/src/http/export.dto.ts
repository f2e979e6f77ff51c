import type { Id } from '@parlance/kernel';
import { ChoiceField, IdField, InstantField, IntegerField, ListField } from '@parlance/platform';
import { TextField } from '@parlance/platform';
import type { ExportFormat } from '../domain/package-reports.js';
import { LossView } from './import.dto.js';

const FORMATS = ['qti-2.2', 'qti-3.0'] as const;

export class ExportedItemBody {
  @IdField() itemId: Id;
  @IntegerField({ min: 1, max: 2_147_483_647, optional: true, about: 'the latest if left out' })
  versionNumber?: number;
}

export class ExportBody {
  @ChoiceField(FORMATS) format: ExportFormat;
  @IdField({ optional: true, about: 'the latest version of this test, with its items' })
  testId?: Id;
  @ListField(() => ExportedItemBody, { max: 500, optional: true, about: 'items without a test' })
  items?: ExportedItemBody[];
}

export class ExportedFileView {
  @TextField({ max: 1_000, about: 'path in the package' }) file: string;
  @TextField({ max: 250 }) identifier: string;
  @IdField({ optional: true }) itemVersionId?: Id;
  @ListField(() => LossView, { max: 10_000, about: 'what this format cannot say of it' })
  losses: LossView[];
}

export class ExportView {
  @IdField() id: Id;
  @InstantField() createdAt: string;
  @ChoiceField(FORMATS) format: ExportFormat;
  @IdField({ optional: true }) testVersionId?: Id;
  @ListField(() => ExportedFileView, { max: 1_000 }) files: ExportedFileView[];
}
