import type { TestStructure } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import {
  BooleanField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NumberField,
  ObjectField,
  PageQuery,
  TextField,
} from '@parlance/platform';
import { MAX_FORM_ITEMS } from '../domain/pools.js';
import { MAX_TITLE } from '../domain/titles.js';

const COUNT = { min: 1, max: 2_147_483_647 };

export class TestQuery extends PageQuery {
  @TextField({ max: 200, optional: true, about: 'part of the title or identifier' })
  search?: string;
}

class ChosenItemBody {
  @IdField({ optional: true, about: 'its latest version; or name a version' }) itemId?: Id;
  @IdField({ optional: true }) itemVersionId?: Id;
  @BooleanField({ optional: true, about: 'in every form, when some are drawn' })
  required?: boolean;
  @BooleanField({ optional: true, about: 'keeps its place when the others are shuffled' })
  fixed?: boolean;
}

class SectionBody {
  @TextField({ min: 0, max: MAX_TITLE }) title: string;
  @TextField({ max: 2000, optional: true }) instructions?: string;
  @IntegerField({ min: 1, max: MAX_FORM_ITEMS, optional: true, about: 'items drawn; null: all' })
  select?: number | null;
  @BooleanField({ optional: true }) shuffle?: boolean;
  @ListField(() => ChosenItemBody, { min: 1, max: MAX_FORM_ITEMS }) items: ChosenItemBody[];
}

export class TestBody {
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField({ min: 1, max: 604_800, optional: true }) timeLimitSeconds?: number | null;
  @ListField(() => SectionBody, { min: 1, max: 50 }) sections: SectionBody[];
}

export class TestSummary {
  @IdField() id: Id;
  @TextField({ max: 250 }) identifier: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField(COUNT) version: number;
  @IdField() latestVersionId: Id;
  @IntegerField(COUNT) latestVersionNumber: number;
  @NumberField({ min: 0, about: 'the most one form of it can be worth' }) pointsPossible: number;
  @IntegerField({ ...COUNT, optional: true }) timeLimitSeconds: number | null;
  @InstantField() createdAt: Date;
}

export class TestPage {
  @ListField(() => TestSummary, { max: 200 }) items: TestSummary[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class TestView {
  @IdField() id: Id;
  @TextField({ max: 250 }) identifier: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField(COUNT) version: number;
  @IdField() latestVersionId: Id;
  @IntegerField(COUNT) latestVersionNumber: number;
  @NumberField({ min: 0, about: 'the most one form of it can be worth' }) pointsPossible: number;
  @IntegerField({ ...COUNT, optional: true }) timeLimitSeconds: number | null;
  @InstantField() createdAt: Date;
  @ObjectField({ about: 'sections, selection, order and item version ids of the latest version' })
  structure: TestStructure;
}
