import type { Id } from '@parlance/kernel';
import {
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  TextField,
  TextListField,
} from '@parlance/platform';
import type { LossCode } from '../qti/index.js';

const COUNT = { min: 0, max: 5_000 };

export class ImportCounts {
  @IntegerField(COUNT) imported: number;
  @IntegerField(COUNT) refused: number;
}

/** What an item or test lost, or has otherwise than the file says. */
export class LossView {
  @TextField({ max: 60, about: 'a stable name of the kind of loss' }) code: LossCode;
  @TextField({ max: 2_000 }) detail: string;
  @IntegerField({ min: 1, max: 2_147_483_647, optional: true }) line?: number;
}

export class FileReportView {
  @TextField({ max: 1_000 }) file: string;
  @ChoiceField(['imported', 'refused', 'ignored']) outcome: 'imported' | 'refused' | 'ignored';
  @TextField({ max: 250, optional: true }) identifier?: string;
  @IdField({ optional: true }) itemVersionId?: Id;
  @IdField({ optional: true }) testVersionId?: Id;
  @ChoiceField(['created', 'new-version', 'unchanged'], {
    optional: true,
    about: 'unchanged: the version that was there before holds the same',
  })
  change?: 'created' | 'new-version' | 'unchanged';
  @TextField({ max: 2_000, optional: true, about: 'why it was not imported' }) reason?: string;
  @IntegerField({ min: 1, max: 2_147_483_647, optional: true }) line?: number;
  @ListField(() => LossView, { max: 10_000, optional: true }) losses?: LossView[];
  @TextListField({ maxItems: 10_000, max: 2_000, about: 'the losses as sentences' })
  warnings: string[];
}

export class ImportView {
  @IdField() id: Id;
  @InstantField() createdAt: string;
  @IdField({ optional: true }) testId?: Id;
  @IdField({ optional: true }) testVersionId?: Id;
  @NestedField(() => ImportCounts) items: ImportCounts;
  @ListField(() => FileReportView, { max: 10_000 }) files: FileReportView[];
  @TextListField({ maxItems: 10_000, max: 2_000, about: 'about the package as a whole' })
  warnings: string[];
}
