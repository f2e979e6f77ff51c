import type { ItemDelivery, Responses } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import {
  AnyField,
  BooleanField,
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
  TextListField,
} from '@parlance/platform';
import { MAX_DIFFERENCES } from '../domain/json-diff.js';
import { ITEM_STATUSES, type ItemStatus } from '../domain/item-workflow.js';
import {
  CEFR_LEVELS,
  type CefrLevel,
  MAX_WORDING,
  MAX_WORDINGS,
  type Skill,
  SKILLS,
  TAG_KINDS,
  type TagKind,
} from '../domain/tags.js';
import { MAX_TITLE } from '../domain/titles.js';

const COUNT = { min: 1, max: 2_147_483_647 };

const WORDINGS = { maxItems: MAX_WORDINGS, max: MAX_WORDING };

export class ItemQuery extends PageQuery {
  @ChoiceField([...ITEM_STATUSES, 'any'], { optional: true, about: 'default: published' })
  status?: ItemStatus | 'any';
  @TextField({
    max: 200,
    optional: true,
    about: 'words of the title or of what learners read; quotes, or and - as in a search box',
  })
  text?: string;
  @TextField({ max: MAX_WORDING, optional: true }) topic?: string;
  @TextField({ max: MAX_WORDING, optional: true }) canDo?: string;
  @TextField({ max: 60, optional: true, about: 'as its source or first interaction says' })
  type?: string;
  @IdField({ optional: true }) authorId?: Id;
  @ChoiceField(['yes', 'no'], { optional: true, about: 'whether it is in a test' })
  used?: 'yes' | 'no';
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel;
  @ChoiceField(SKILLS, { optional: true }) skill?: Skill;
  @TextField({ max: 200, optional: true, about: 'part of the title or identifier' })
  search?: string;
}

/** Fields left out stay; null clears the level. */
export class ItemTagsBody {
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel | null;
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
  @TextListField({ ...WORDINGS, optional: true }) topics?: string[];
  @TextListField({ ...WORDINGS, optional: true }) canDo?: string[];
}

export class TagQuery extends PageQuery {
  @ChoiceField(TAG_KINDS) kind: TagKind;
  @TextField({ max: MAX_WORDING, optional: true }) prefix?: string;
}

export class TagView {
  @TextField({ max: MAX_WORDING }) word: string;
}

export class TagPage {
  @ListField(() => TagView, { max: 200 }) items: TagView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class ItemSummary {
  @IdField() id: Id;
  @TextField({ max: 250 }) identifier: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel: CefrLevel | null;
  @ChoicesField(SKILLS) skills: Skill[];
  @TextListField(WORDINGS) topics: string[];
  @TextListField(WORDINGS) canDo: string[];
  @ChoiceField(ITEM_STATUSES) status: ItemStatus;
  @TextField({ min: 0, max: 60, about: 'as its source or first interaction says' }) type: string;
  @IdField({ optional: true, about: 'null: it came with an import' }) authorId: Id | null;
  @IntegerField(COUNT) version: number;
  @IdField({ optional: true, about: 'null until its first publication' })
  latestVersionId: Id | null;
  @IntegerField({ ...COUNT, min: 0 }) latestVersionNumber: number;
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
  @IdField({ optional: true, about: 'null: it was written here' }) importId: Id | null;
  @IdField({ optional: true }) publishedBy: Id | null;
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
  @IdField({ optional: true, about: 'null: it was written here' }) importId: Id | null;
  @IdField({ optional: true }) publishedBy: Id | null;
  @InstantField() createdAt: Date;
  @ObjectField({ about: 'what a learner sees of it' }) delivery: ItemDelivery;
}

export class ItemView {
  @IdField() id: Id;
  @TextField({ max: 250 }) identifier: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel: CefrLevel | null;
  @ChoicesField(SKILLS) skills: Skill[];
  @TextListField(WORDINGS) topics: string[];
  @TextListField(WORDINGS) canDo: string[];
  @ChoiceField(ITEM_STATUSES) status: ItemStatus;
  @TextField({ min: 0, max: 60, about: 'as its source or first interaction says' }) type: string;
  @IdField({ optional: true, about: 'null: it came with an import' }) authorId: Id | null;
  @IntegerField(COUNT) version: number;
  @IdField({ optional: true, about: 'null until its first publication' })
  latestVersionId: Id | null;
  @IntegerField({ ...COUNT, min: 0 }) latestVersionNumber: number;
  @NestedField(() => DeliveredVersionView, { optional: true })
  latest: DeliveredVersionView | null;
}

export class ItemKeyView {
  @IdField() itemVersionId: Id;
  @IntegerField(COUNT) versionNumber: number;
  @NumberField({ min: 0 }) pointsPossible: number;
  @ObjectField({ about: 'per response, an answer that earns the most' }) correct: Responses;
  @ObjectField({ optional: true, about: 'as its author wrote it; null for one of a package' })
  source: object | null;
}

class ComparedVersionView {
  @IdField() itemVersionId: Id;
  @IntegerField(COUNT) versionNumber: number;
}

class DifferenceView {
  @TextField({ min: 0, max: 2000, about: 'below /source, /delivery or /scoring' })
  pointer: string;
  @ChoiceField(['added', 'removed', 'changed']) change: 'added' | 'removed' | 'changed';
  @AnyField({ about: 'absent when it was added' }) before?: unknown;
  @AnyField({ about: 'absent when it was removed' }) after?: unknown;
}

export class VersionDiffView {
  @NestedField(() => ComparedVersionView) before: ComparedVersionView;
  @NestedField(() => ComparedVersionView) after: ComparedVersionView;
  @ListField(() => DifferenceView, { max: MAX_DIFFERENCES }) differences: DifferenceView[];
  @BooleanField({ about: 'false when there are more than are told' }) complete: boolean;
}
