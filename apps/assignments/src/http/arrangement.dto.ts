import { Matches } from 'class-validator';
import {
  BooleanField,
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NumberField,
  ObjectField,
  TextField,
} from '@parlance/platform';
import { IdListField } from './id-list.js';

const SCOPES = ['class', 'group', 'learner'] as const;
const RULES = [
  'base',
  'class-override',
  'group-override',
  'learner-override',
  'accommodation',
  'late-joiner',
] as const;
const REOPENINGS = ['continue', 'new-attempt', 'regrade-only'] as const;
const MAX_VERSION = 2_147_483_647;

/** Absent: as the rules before say. Null takes a moment away. */
export class OverrideDto {
  @ChoiceField(SCOPES) scope: (typeof SCOPES)[number];
  @TextField({ max: 23, optional: true }) opensLocal?: string | null;
  @TextField({ max: 23, optional: true }) dueLocal?: string | null;
  @TextField({ max: 23, optional: true }) closesLocal?: string | null;
  @IntegerField({ min: -365, max: 365, optional: true, about: 'calendar days for due and close' })
  extensionDays?: number;
  @IntegerField({ min: 1, max: 100, optional: true }) maxAttempts?: number;
  @TextField({ max: 500, optional: true }) reason?: string;
}

export class TargetedOverrideDto {
  @ChoiceField(SCOPES) scope: (typeof SCOPES)[number];
  @TextField({ max: 23, optional: true }) opensLocal?: string | null;
  @TextField({ max: 23, optional: true }) dueLocal?: string | null;
  @TextField({ max: 23, optional: true }) closesLocal?: string | null;
  @IntegerField({ min: -365, max: 365, optional: true, about: 'calendar days for due and close' })
  extensionDays?: number;
  @IntegerField({ min: 1, max: 100, optional: true }) maxAttempts?: number;
  @TextField({ max: 500, optional: true }) reason?: string;
  @IdField({ about: 'the class, group or learner' }) targetId: string;
}

export class OverridesDto {
  @ListField(() => TargetedOverrideDto, { max: 2000 }) items: TargetedOverrideDto[];
}

export class AccommodationDto {
  @NumberField({ min: 1, max: 10, about: 'of every time limit' }) timeMultiplier: number;
  @IntegerField({ min: 0, max: 86_400, about: 'beside the multiple' }) extraSeconds: number;
  @IntegerField({ min: 0, max: 20 }) extraAttempts: number;
  @IntegerField({ min: 0, max: 365, about: 'calendar days for due and close' }) extraDays: number;
  @TextField({ max: 500, optional: true }) reason?: string;
}

export class LearnerAccommodationDto {
  @NumberField({ min: 1, max: 10, about: 'of every time limit' }) timeMultiplier: number;
  @IntegerField({ min: 0, max: 86_400, about: 'beside the multiple' }) extraSeconds: number;
  @IntegerField({ min: 0, max: 20 }) extraAttempts: number;
  @IntegerField({ min: 0, max: 365, about: 'calendar days for due and close' }) extraDays: number;
  @TextField({ max: 500, optional: true }) reason?: string;
  @IdField() learnerId: string;
  @IntegerField({ min: 0, max: MAX_VERSION, about: '0: nothing granted' }) version: number;
}

export class ArrangementChangeDto {
  @ObjectField({ optional: true }) before?: object;
  @ObjectField({ optional: true }) after?: object;
  @TextField({ max: 500, optional: true }) reason?: string;
  @IdField() actorId: string;
  @InstantField() at: string;
}

export class ArrangementChangesDto {
  @ListField(() => ArrangementChangeDto, { max: 200 }) items: ArrangementChangeDto[];
}

export class WindowChangeDto {
  @ChoiceField(['opens', 'due', 'closes', 'maxAttempts', 'timeLimitSeconds']) field: string;
  @TextField({ max: 40, optional: true, about: 'absent: no such limit' }) from?: string;
  @TextField({ max: 40, optional: true, about: 'absent: no such limit' }) to?: string;
}

export class RuleStepDto {
  @ChoiceField(RULES) rule: (typeof RULES)[number];
  @IdField({ optional: true, about: 'whose override it is' }) targetId?: string;
  @ListField(() => WindowChangeDto, { max: 5 }) changes: WindowChangeDto[];
}

export class DueDateExplanationDto {
  @IdField() learnerId: string;
  @BooleanField({ about: 'false: the assignment is not for this learner' }) isAudience: boolean;
  @InstantField({ optional: true }) opensAt?: string;
  @InstantField({ optional: true }) dueAt?: string;
  @InstantField({ optional: true }) closesAt?: string;
  @TextField({ max: 23, optional: true }) dueLocal?: string;
  @TextField({ max: 64 }) timeZone: string;
  @IntegerField({ min: 1, max: 200 }) maxAttempts: number;
  @IntegerField({ min: 0, max: MAX_VERSION, optional: true }) timeLimitSeconds?: number;
  @ListField(() => RuleStepDto, { max: 2000, about: 'every rule that spoke, in order' })
  trace: RuleStepDto[];
}

export class ExplanationQuery {
  @IdField({ optional: true, about: 'oneself by default' }) learnerId?: string;
}

export class NewGroupDto {
  @IdField() classId: string;
  @TextField({ max: 100 }) name: string;
  @IdListField() learnerIds: string[];
}

export class GroupChangeDto {
  @TextField({ max: 100 }) name: string;
  @IdListField() learnerIds: string[];
}

export class GroupDto {
  @IdField() classId: string;
  @TextField({ max: 100 }) name: string;
  @IdListField() learnerIds: string[];
  @IdField() id: string;
  @IntegerField({ min: 1, max: MAX_VERSION }) version: number;
}

export class GroupsDto {
  @ListField(() => GroupDto, { max: 200 }) items: GroupDto[];
}

export class GroupQuery {
  @IdField() classId: string;
}

export class ReopeningDto {
  @ChoiceField(REOPENINGS, {
    about: 'continue: work on; new-attempt: one more; regrade-only: scored again as it is',
  })
  kind: (typeof REOPENINGS)[number];
  @IntegerField({ min: 1, max: 100_000, optional: true, about: 'of continue; absent: no end' })
  minutes?: number;
  @TextField({ max: 500, optional: true }) reason?: string;
}

export class ReopenedDto {
  @IdField() attemptId: string;
  @ChoiceField(REOPENINGS) kind: (typeof REOPENINGS)[number];
}

export class CompletionDto {
  @IdField() attemptId: string;
  @IdField() learnerId: string;
  @InstantField() submittedAt: string;
}

export class CopyDto {
  @IdField() classId: string;
  @IntegerField({ min: -3660, max: 3660, optional: true, about: 'calendar days later' })
  shiftDays?: number;
}

export class NewTemplateDto {
  @IdField() assignmentId: string;
  @TextField({ max: 200 }) name: string;
}

export class TemplateDto {
  @IdField() id: string;
  @TextField({ max: 200 }) name: string;
  @ObjectField({ about: 'test, title, times of day, policy' }) settings: object;
}

export class TemplatesDto {
  @ListField(() => TemplateDto, { max: 200 }) items: TemplateDto[];
}

export class TemplateUseDto {
  @IdField() classId: string;
  @TextField({ max: 10, about: 'day of the first moment, such as 2026-09-01' })
  @Matches(/^2[01]\d\d-\d\d-\d\d$/)
  startsOn: string;
}
