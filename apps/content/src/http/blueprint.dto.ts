import type { Id } from '@parlance/kernel';
import {
  BooleanField,
  ChoicesField,
  IdField,
  IdListField,
  IntegerField,
  ListField,
  NumberField,
  PatternField,
  TextField,
  TextListField,
} from '@parlance/platform';
import { MAX_FORM_ITEMS } from '../domain/pools.js';
import {
  CEFR_LEVELS,
  type CefrLevel,
  MAX_WORDING,
  MAX_WORDINGS,
  type Skill,
  SKILLS,
} from '../domain/tags.js';
import { MAX_TITLE } from '../domain/titles.js';

const COUNT = { min: 1, max: 2_147_483_647 };
const TOPICS = { maxItems: MAX_WORDINGS, max: MAX_WORDING };
const TYPES = { maxItems: 50, max: 60 };
const POOL_ID = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

class PoolBody {
  @PatternField(POOL_ID) id: string;
  @TextField({ max: MAX_TITLE, optional: true, about: 'heading of its part of the form' })
  title?: string;
  @IntegerField({ min: 1, max: MAX_FORM_ITEMS, about: 'items of each form' }) count: number;
  @IntegerField({
    min: 0,
    max: MAX_FORM_ITEMS,
    optional: true,
    about: 'how many of them all parallel forms share; default 0',
  })
  common?: number;
  @ChoicesField(CEFR_LEVELS, { optional: true, about: 'one of these' }) cefrLevels?: CefrLevel[];
  @ChoicesField(SKILLS, { optional: true, about: 'all of these' }) skills?: Skill[];
  @TextListField({ ...TOPICS, optional: true, about: 'one of these' }) topics?: string[];
  @TextListField({ ...TYPES, optional: true, about: 'one of these' }) types?: string[];
  @NumberField({ min: 0, optional: true, about: 'what each item is worth; null: anything' })
  pointsEach?: number | null;
}

export class BlueprintBody {
  @TextField({ max: MAX_TITLE }) title: string;
  @ListField(() => PoolBody, { min: 1, max: 50 }) pools: PoolBody[];
}

class PoolView {
  @TextField({ max: 40 }) id: string;
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField({ min: 1, max: MAX_FORM_ITEMS }) count: number;
  @IntegerField({ min: 0, max: MAX_FORM_ITEMS }) common: number;
  @TextListField({ maxItems: 50, max: 10 }) cefrLevels: string[];
  @TextListField({ maxItems: 50, max: 20 }) skills: string[];
  @TextListField(TOPICS) topics: string[];
  @TextListField(TYPES) types: string[];
  @NumberField({ min: 0, optional: true }) pointsEach: number | null;
}

export class BlueprintView {
  @IdField() id: Id;
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField(COUNT) version: number;
  @IdField() latestVersionId: Id;
  @ListField(() => PoolView, { max: 50 }) pools: PoolView[];
}

export class BlueprintPage {
  @ListField(() => BlueprintView, { max: 200 }) items: BlueprintView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class DrawBody {
  @TextField({ max: 480, about: 'of the tests; several are numbered' }) title: string;
  @IntegerField({ min: 1, max: 20, about: 'parallel forms' }) forms: number;
  @TextField({ max: 100, optional: true, about: 'the same bank and seed give the same forms' })
  seed?: string;
  @IntegerField({
    min: 1,
    max: 1_000_000,
    optional: true,
    about: 'an item version in so many test versions is not drawn again',
  })
  maxExposure?: number | null;
  @IdListField({ maxItems: 100, optional: true, about: 'their items come last' })
  seenInTestIds?: Id[];
  @BooleanField({ optional: true, about: 'whether each learner gets another order' })
  shuffle?: boolean;
  @IntegerField({ min: 1, max: 604_800, optional: true }) timeLimitSeconds?: number | null;
}

class DrawnTestView {
  @IdField() testId: Id;
  @IdField() testVersionId: Id;
  @TextField({ max: MAX_TITLE }) title: string;
  @IdListField({ maxItems: MAX_FORM_ITEMS }) itemVersionIds: Id[];
}

export class DrawnFormsView {
  @IdField() id: Id;
  @IdField() blueprintVersionId: Id;
  @TextField({ max: 100 }) seed: string;
  @IdField() snapshotId: Id;
  @TextField({ max: 64, about: 'SHA-256 of what the forms were drawn from' }) snapshotHash: string;
  @ListField(() => DrawnTestView, { max: 20 }) tests: DrawnTestView[];
}
