import type { TestStructure } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import {
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NumberField,
  ObjectField,
  PageQuery,
  TextField,
} from '@parlance/platform';
import { MAX_TITLE } from '../domain/titles.js';

const COUNT = { min: 1, max: 2_147_483_647 };

export class TestQuery extends PageQuery {
  @TextField({ max: 200, optional: true, about: 'part of the title or identifier' })
  search?: string;
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
