import type { FieldFault, Id } from '@parlance/kernel';
import {
  ChoiceField,
  ChoicesField,
  IdField,
  IdListField,
  InstantField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
  TextListField,
} from '@parlance/platform';
import type { DraftState } from '../domain/item-workflow.js';
import {
  CEFR_LEVELS,
  type CefrLevel,
  MAX_WORDING,
  MAX_WORDINGS,
  type Skill,
  SKILLS,
} from '../domain/tags.js';
import { MAX_TITLE } from '../domain/titles.js';

const WORDINGS = { maxItems: MAX_WORDINGS, max: MAX_WORDING, optional: true };

export class NewItemBody {
  @ObjectField({ about: 'the item as its author writes it, by its `type`; may be unfinished' })
  source: object;
  @TextField({
    max: 250,
    optional: true,
    about: 'what packages call it; default: as its source says',
  })
  identifier?: string;
  @ChoiceField(CEFR_LEVELS, { optional: true }) cefrLevel?: CefrLevel | null;
  @ChoicesField(SKILLS, { optional: true }) skills?: Skill[];
  @TextListField(WORDINGS) topics?: string[];
  @TextListField(WORDINGS) canDo?: string[];
}

export class DraftBody {
  @ObjectField({ about: 'the item as its author writes it, by its `type`; may be unfinished' })
  source: object;
}

class SourceFaultView {
  @TextField({ min: 0, max: 2000, about: 'place within the source' }) pointer: string;
  @TextField({ max: 2000 }) detail: string;
}

export class DraftView {
  @IdField() itemId: Id;
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @ChoiceField(['draft', 'in-review']) state: DraftState;
  @TextField({ max: MAX_TITLE }) title: string;
  @ObjectField({ about: 'holds the key' }) source: object;
  @ListField(() => SourceFaultView, { max: 200, about: 'what to mend before a review' })
  faults: FieldFault[];
  @TextListField({ maxItems: 1000, max: 2000 }) warnings: string[];
  @IdListField({ maxItems: 1000, about: 'who wrote at it, and does not review it' })
  editorIds: Id[];
  @IdField({ optional: true }) approvedBy: Id | null;
  @InstantField() updatedAt: Date;
}
