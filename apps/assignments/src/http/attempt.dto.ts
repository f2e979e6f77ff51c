import type { BodyNode, ItemDelivery, Responses } from '@parlance/assessment';
import {
  BooleanField,
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  NumberField,
  ObjectField,
  TextField,
} from '@parlance/platform';

const ATTEMPT_STATUSES = ['in-progress', 'submitted'] as const;
const PROGRESS_STATUSES = ['not-started', 'in-progress', 'submitted'] as const;

const HANDED_IN_BY = ['learner', 'time', 'teacher'] as const;

/** Clients may use a counter or a clock in milliseconds. */
const MAX_SEQUENCE = Number.MAX_SAFE_INTEGER;
const MAX_COUNT = 2_147_483_647;

export class SlotResponsesDto {
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @IntegerField({ min: 1, max: MAX_SEQUENCE, about: 'grows with every change of this slot' })
  sequence: number;
  @ObjectField({
    about:
      'response id to a text of at most 1 MiB, a list of texts, or null; ' +
      'all answers of an attempt together may have 8 MiB',
  })
  responses: Record<string, unknown>;
}

export class ResponsesDto {
  @ListField(() => SlotResponsesDto, { min: 1, max: 500 }) responses: SlotResponsesDto[];
  @IdField({ optional: true, about: 'of the device that writes; needed once one has claimed' })
  lease?: string;
  @TextField({ max: 100, optional: true }) deviceId?: string;
  @InstantField({ optional: true, about: 'by the clock of the device: kept, never believed' })
  deviceTime?: string;
}

export class SubmitDto {
  @IdField({ optional: true, about: 'of the device that writes, if one has claimed' })
  lease?: string;
}

export class WriterClaimDto {
  @TextField({ max: 100, about: 'the same for one device as long as it works on the attempt' })
  deviceId: string;
  @BooleanField({ optional: true, about: 'also when another device writes; that one then reads' })
  takeOver?: boolean;
}

export class WriterDto {
  @TextField({ max: 100 }) deviceId: string;
  @IdField({ about: 'to be sent with every save and with the submission' }) lease: string;
  @InstantField() leasedAt: string;
}

export class SavedSlotDto {
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @IntegerField({ min: 1, max: MAX_SEQUENCE }) sequence: number;
  @ChoiceField(['saved', 'stale'], { about: 'stale: newer answers are kept' })
  outcome: 'saved' | 'stale';
}

export class SaveReceiptDto {
  @InstantField() savedAt: string;
  @ListField(() => SavedSlotDto, { max: 500 }) slots: SavedSlotDto[];
}

export class SubmissionDto {
  @IdField() attemptId: string;
  @ChoiceField(['submitted']) status: 'submitted';
  @InstantField() submittedAt: string;
  @BooleanField() late: boolean;
}

export class AttemptItemDto {
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @IdField() itemVersionId: string;
  @TextField({ max: 500 }) identifier: string;
  @NumberField({ min: 0 }) pointsPossible: number;
  @ObjectField({ about: 'the item as a learner sees it; holds no key' }) delivery: ItemDelivery;
  @ObjectField({ about: 'what was saved last' }) responses: Responses;
  @IntegerField({ min: 0, max: MAX_SEQUENCE, about: '0: nothing saved yet' }) sequence: number;
}

export class AttemptSectionDto {
  @TextField({ max: 500 }) id: string;
  @TextField({ min: 0, max: 500 }) title: string;
  @ListField(() => Object, { max: 10_000, about: 'body nodes' }) instructions: BodyNode[];
  @ListField(() => AttemptItemDto, { max: 500 }) items: AttemptItemDto[];
}

export class AttemptDto {
  @IdField() id: string;
  @IdField() assignmentId: string;
  @IdField() learnerId: string;
  @IntegerField({ min: 1, max: 100 }) attemptNumber: number;
  @ChoiceField(ATTEMPT_STATUSES) status: (typeof ATTEMPT_STATUSES)[number];
  @InstantField() startedAt: string;
  @InstantField({ optional: true, about: 'answers are saved until then' }) closesAt?: string;
  @InstantField({ optional: true }) dueAt?: string;
  @InstantField({ optional: true }) submittedAt?: string;
  @BooleanField({ optional: true }) late?: boolean;
  @BooleanField({ about: 'the time is over; what was saved is handed in by itself' })
  ended: boolean;
  @ChoiceField(HANDED_IN_BY, { optional: true }) handedInBy?: (typeof HANDED_IN_BY)[number];
  @TextField({ max: 100, optional: true, about: 'the device that writes, if one has claimed' })
  writerDeviceId?: string;
  @IntegerField({ min: 0, max: 500, optional: true, about: 'live: the class has come to it' })
  liveSlot?: number;
  @IntegerField({ min: 0, max: MAX_COUNT, about: 'of the grade policy when it began' })
  policyVersion: number;
  @ListField(() => AttemptSectionDto, { max: 500, about: 'none for teachers' })
  sections: AttemptSectionDto[];
}

export class LearnerProgressDto {
  @IdField() learnerId: string;
  @TextField({ min: 0, max: 200 }) displayName: string;
  @ChoiceField(PROGRESS_STATUSES) status: (typeof PROGRESS_STATUSES)[number];
  @IdField({ optional: true }) attemptId?: string;
  @IntegerField({ min: 1, max: 100, optional: true }) attemptNumber?: number;
  @InstantField({ optional: true }) startedAt?: string;
  @InstantField({ optional: true }) submittedAt?: string;
  @BooleanField({ optional: true }) late?: boolean;
  @ChoiceField(HANDED_IN_BY, { optional: true }) handedInBy?: (typeof HANDED_IN_BY)[number];
  @InstantField({ optional: true, about: 'of this attempt, with all that was granted' })
  dueAt?: string;
  @InstantField({ optional: true, about: 'answers are taken until then' }) endsAt?: string;
  @IntegerField({ min: 0, max: MAX_COUNT, optional: true }) secondsLeft?: number;
  @InstantField({ optional: true }) lastSavedAt?: string;
  @IntegerField({ min: 0, max: 500 }) answeredSlots: number;
  @BooleanField() hasAccommodation: boolean;
  @BooleanField() hasOverride: boolean;
}

export class ProgressCountsDto {
  @IntegerField({ min: 0, max: MAX_COUNT }) learners: number;
  @IntegerField({ min: 0, max: MAX_COUNT }) notStarted: number;
  @IntegerField({ min: 0, max: MAX_COUNT }) inProgress: number;
  @IntegerField({ min: 0, max: MAX_COUNT }) submitted: number;
  @IntegerField({ min: 0, max: MAX_COUNT }) late: number;
}

export class ProgressPageDto {
  @ListField(() => LearnerProgressDto, { max: 200 }) items: LearnerProgressDto[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
  @NestedField(() => ProgressCountsDto) counts: ProgressCountsDto;
}
