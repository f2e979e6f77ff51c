import type { ItemDelivery, Responses } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import {
  ChoiceField,
  ChoicesField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  NumberField,
  ObjectField,
  PageQuery,
  TextField,
} from '@parlance/platform';
import { CEFR_LEVELS, type CefrLevel, type Skill, SKILLS } from '../domain/tags.js';
import { MAX_TITLE } from '../domain/titles.js';

const COUNT = { min: 1, max: 2_147_483_647 };

export class ItemQuery extends PageQuery {
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel;
  @ChoiceField(SKILLS, { optional: true }) skill?: Skill;
  @TextField({ max: 200, optional: true, about: 'part of the title or identifier' })
  search?: string;
}

/** Fields left out stay; null clears the level. */
export class ItemTagsBody {
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel | null;
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
}

export class ItemSummary {
  @IdField() id: Id;
  @TextField({ max: 250 }) identifier: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel: CefrLevel | null;
  @ChoicesField(SKILLS) skills: Skill[];
  @IntegerField(COUNT) version: number;
  @IdField() latestVersionId: Id;
  @IntegerField(COUNT) latestVersionNumber: number;
}

export class ItemPage {
  @ListField(() => ItemSummary, { max: 200 }) items: ItemSummary[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class ItemVersionView {
  @IdField() id: Id;
  @IntegerField(COUNT) versionNumber: number;
  @TextField({ max: 64, about: 'SHA-256 of what the version holds' }) hash: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @NumberField({ min: 0 }) pointsPossible: number;
  @IdField() importId: Id;
  @InstantField() createdAt: Date;
}

export class ItemVersionPage {
  @ListField(() => ItemVersionView, { max: 200 }) items: ItemVersionView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class DeliveredVersionView {
  @IdField() id: Id;
  @IntegerField(COUNT) versionNumber: number;
  @TextField({ max: 64 }) hash: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @NumberField({ min: 0 }) pointsPossible: number;
  @IdField() importId: Id;
  @InstantField() createdAt: Date;
  @ObjectField({ about: 'what a learner sees of it' }) delivery: ItemDelivery;
}

export class ItemView {
  @IdField() id: Id;
  @TextField({ max: 250 }) identifier: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel: CefrLevel | null;
  @ChoicesField(SKILLS) skills: Skill[];
  @IntegerField(COUNT) version: number;
  @IdField() latestVersionId: Id;
  @IntegerField(COUNT) latestVersionNumber: number;
  @NestedField(() => DeliveredVersionView) latest: DeliveredVersionView;
}

export class ItemKeyView {
  @IdField() itemVersionId: Id;
  @IntegerField(COUNT) versionNumber: number;
  @NumberField({ min: 0 }) pointsPossible: number;
  @ObjectField({ about: 'per response, an answer that earns the most' }) correct: Responses;
}
