import type { Id } from '@parlance/kernel';
import {
  ChoiceField,
  ChoicesField,
  IdField,
  IntegerField,
  ListField,
  PageQuery,
  TextField,
} from '@parlance/platform';
import { type Level, MAX_CHILDREN, PARENT_OF } from '../domain/outline.js';
import {
  ACTIVITY_MODES,
  type ActivityMode,
  CEFR_LEVELS,
  type CefrLevel,
  SERIES_STATUSES,
  type SeriesStatus,
  type Skill,
  SKILLS,
} from '../domain/tags.js';
import { MAX_TITLE } from '../domain/titles.js';

const MAX_EDITION = 60;
const LAST = 'place among its siblings, from 1; beyond the end is last';
const MOVE = 'moves it, with all below, to another parent of its level';
const place = { min: 1, max: 1_000_000, about: LAST, optional: true } as const;

export class SeriesQuery extends PageQuery {
  @ChoiceField(SERIES_STATUSES, { optional: true, about: 'default: both' }) status?: SeriesStatus;
  @IdField({ optional: true, about: 'editions of one series' }) familyId?: Id;
}

export class NewSeriesBody {
  @TextField({ max: MAX_TITLE }) title: string;
  @TextField({ max: MAX_EDITION, optional: true, about: 'such as "3rd" or "2027"' })
  edition?: string;
  @ChoicesField(CEFR_LEVELS, { optional: true }) cefrLevels?: CefrLevel[];
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
}

export class SeriesPatchBody {
  @TextField({ max: MAX_TITLE, optional: true }) title?: string;
  @TextField({ max: MAX_EDITION, optional: true }) edition?: string;
  @ChoiceField(SERIES_STATUSES, { optional: true }) status?: SeriesStatus;
  @ChoicesField(CEFR_LEVELS, { optional: true }) cefrLevels?: CefrLevel[];
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
}

export class NewEditionBody {
  @TextField({ max: MAX_EDITION }) edition: string;
  @TextField({ max: MAX_TITLE, optional: true, about: 'default: as before' }) title?: string;
}

export class SeriesView {
  @IdField() id: Id;
  @TextField({ max: MAX_TITLE }) title: string;
  @TextField({ min: 0, max: MAX_EDITION }) edition: string;
  @ChoiceField(SERIES_STATUSES) status: SeriesStatus;
  @IdField({ about: 'what all editions of a series have in common' }) familyId: Id;
  @ChoicesField(CEFR_LEVELS) cefrLevels: CefrLevel[];
  @ChoicesField(SKILLS) skills: Skill[];
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
}

export class SeriesPage {
  @ListField(() => SeriesView, { max: 200 }) items: SeriesView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

/** A new course, unit or lesson. */
export class NewPartBody {
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField(place) position?: number;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel | null;
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
}

/** Fields left out stay; null clears the level. */
export class PartPatchBody {
  @TextField({ max: MAX_TITLE, optional: true }) title?: string;
  @IdField({ optional: true, about: MOVE }) parentId?: Id;
  @IntegerField(place) position?: number;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel | null;
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
}

export class NewActivityBody {
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField(place) position?: number;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel | null;
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
  @ChoiceField(ACTIVITY_MODES, { optional: true, about: 'default: self' }) mode?: ActivityMode;
  @IdField({ optional: true, about: 'the test that is done in it' }) testId?: Id | null;
}

/** Fields left out stay; null clears the level or the test. */
export class ActivityPatchBody {
  @TextField({ max: MAX_TITLE, optional: true }) title?: string;
  @IdField({ optional: true, about: MOVE }) parentId?: Id;
  @IntegerField(place) position?: number;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel | null;
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
  @ChoiceField(ACTIVITY_MODES, { optional: true }) mode?: ActivityMode;
  @IdField({ optional: true }) testId?: Id | null;
}

/** A course, unit, lesson or activity; mode and test are an activity's alone. */
export class PartView {
  @IdField() id: Id;
  @IdField({ about: 'series of a course, course of a unit, and so on' }) parentId: Id;
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField({ min: 1, max: MAX_CHILDREN }) position: number;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel: CefrLevel | null;
  @ChoicesField(SKILLS) skills: Skill[];
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @ChoiceField(ACTIVITY_MODES, { optional: true }) mode?: ActivityMode;
  @IdField({ optional: true }) testId?: Id | null;
}

export class PartPage {
  @ListField(() => PartView, { max: 200 }) items: PartView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

/** A part with all that is below it, in order. */
export class OutlineView {
  @ChoiceField(Object.keys(PARENT_OF)) level: Level;
  @IdField() id: Id;
  @IdField() parentId: Id;
  @TextField({ max: MAX_TITLE }) title: string;
  @IntegerField({ min: 1, max: MAX_CHILDREN }) position: number;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel: CefrLevel | null;
  @ChoicesField(SKILLS) skills: Skill[];
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @ChoiceField(ACTIVITY_MODES, { optional: true }) mode?: ActivityMode | null;
  @IdField({ optional: true }) testId?: Id | null;
  @ListField(() => OutlineView, { max: MAX_CHILDREN }) children: OutlineView[];
}
