import type { Id } from '@parlance/kernel';
import {
  BooleanField,
  ChoiceField,
  IdField,
  IdListField,
  InstantField,
  IntegerField,
  ListField,
  TextField,
} from '@parlance/platform';
import {
  ITEM_STATUSES,
  type ItemStatus,
  type Step,
  STEPS,
  type Verdict,
  VERDICTS,
} from '../domain/item-workflow.js';

const MAX_REASON = 2000;

export class PublicationBody {
  @IdListField({
    maxItems: 20,
    optional: true,
    about: 'versions whose fault this one mends; what was answered under them can be scored anew',
  })
  correctedVersionIds?: Id[];
  @TextField({ max: MAX_REASON, optional: true, about: 'what was wrong; required of a correction' })
  reason?: string;
}

export class HoldBody {
  @TextField({ max: MAX_REASON }) reason: string;
}

export class ReviewBody {
  @ChoiceField(VERDICTS) verdict: Verdict;
  @TextField({ max: MAX_REASON, optional: true, about: 'required with request-changes' })
  comment?: string;
}

export class ReviewView {
  @IdField() id: Id;
  @IdField() itemId: Id;
  @IntegerField({ min: 1, max: 2_147_483_647 }) draftVersion: number;
  @IdField() reviewerId: Id;
  @ChoiceField(VERDICTS) verdict: Verdict;
  @TextField({ min: 0, max: MAX_REASON }) comment: string;
  @InstantField() createdAt: Date;
}

export class ReviewPage {
  @ListField(() => ReviewView, { max: 200 }) items: ReviewView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class CommentBody {
  @TextField({ max: MAX_REASON }) text: string;
}

export class ResolutionBody {
  @BooleanField() resolved: boolean;
}

export class CommentView {
  @IdField() id: Id;
  @IdField() itemId: Id;
  @IdField() authorId: Id;
  @TextField({ max: MAX_REASON }) text: string;
  @IdField({ optional: true }) resolvedBy: Id | null;
  @InstantField({ optional: true }) resolvedAt: Date | null;
  @InstantField() createdAt: Date;
}

export class CommentPage {
  @ListField(() => CommentView, { max: 200 }) items: CommentView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class StepView {
  @IdField() id: Id;
  @ChoiceField(STEPS) step: Step;
  @ChoiceField(ITEM_STATUSES, { about: 'where the item stood afterwards' }) status: ItemStatus;
  @IdField({ optional: true }) itemVersionId: Id | null;
  @TextField({ min: 0, max: MAX_REASON }) reason: string;
  @IdField() actorId: Id;
  @InstantField() createdAt: Date;
}

export class StepPage {
  @ListField(() => StepView, { max: 200 }) items: StepView[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class PolicyBody {
  @BooleanField({ about: 'whether somebody else must approve a draft' }) reviewRequired: boolean;
}

export class PolicyView {
  @BooleanField() reviewRequired: boolean;
  @IntegerField({ min: 0, max: 2_147_483_647 }) version: number;
}
