import {
  BooleanField,
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  NumberField,
  PageQuery,
  TextField,
} from '@parlance/platform';
import { MODES } from '../domain/assignment.js';
import { IdListField } from './id-list.js';

const STATUSES = ['draft', 'published', 'withdrawn'] as const;
const MODE_ABOUT =
  'self: within the window; live: paced by the teacher; in-class, paper: marked as done by them';
const LOCAL = 'local time in the zone, such as 2026-03-29T18:00, instead of the instant';

export class AudienceDto {
  @IdListField({ optional: true, about: 'with learnerIds those in either; neither: the class' })
  groupIds?: string[];
  @IdListField({ optional: true }) learnerIds?: string[];
  @BooleanField({ optional: true, about: 'who joins after it opened has it too; true by default' })
  lateJoiners?: boolean;
  @IntegerField({
    min: 0,
    max: 365,
    optional: true,
    about: 'days that late joiners have from joining at the least',
  })
  lateJoinerDays?: number;
}

export class LatePolicyDto {
  @NumberField({ min: 0, max: 100, about: 'of the points possible, for every interval begun' })
  percentPerInterval: number;
  @IntegerField({ min: 1, max: 31_536_000 }) intervalSeconds: number;
  @NumberField({ min: 0, max: 100, about: 'lateness alone takes no score below' })
  floorPercent: number;
  @IntegerField({
    min: 0,
    max: 86_400,
    optional: true,
    about: 'this late is in time; 60 s usually',
  })
  graceSeconds?: number;
}

export class MissingPolicyDto {
  @NumberField({ min: 0, max: 100, about: '100: missing work has no points' })
  deductionPercent: number;
}

export class GradePolicyDto {
  @ChoiceField(['best', 'last', 'first', 'mean'], { about: 'of several attempts, after lateness' })
  attempts: 'best' | 'last' | 'first' | 'mean';
  @NestedField(() => LatePolicyDto, { optional: true, about: 'absent: lateness costs nothing' })
  late?: LatePolicyDto;
  @NestedField(() => MissingPolicyDto, { optional: true, about: 'absent: missing work stays open' })
  missing?: MissingPolicyDto;
}

export class PolicyVersionDto {
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @NestedField(() => GradePolicyDto) policy: GradePolicyDto;
  @IdField() actorId: string;
  @InstantField() createdAt: string;
}

export class PolicyVersionsDto {
  @ListField(() => PolicyVersionDto, { max: 10_000 }) items: PolicyVersionDto[];
}

export class NewAssignmentDto {
  @IdField() classId: string;
  @IdField() testId: string;
  @TextField({ max: 200 }) title: string;
  @TextField({ max: 100, optional: true, about: 'of the gradebook; Assignments by default' })
  category?: string;
  @InstantField({ optional: true, about: 'by default as soon as it is published' })
  opensAt?: string | null;
  @InstantField({ optional: true, about: 'later submissions are marked late' })
  dueAt?: string | null;
  @InstantField({ optional: true, about: 'nothing is taken from then on' })
  closesAt?: string | null;
  @TextField({ max: 23, optional: true, about: LOCAL }) opensLocal?: string | null;
  @TextField({ max: 23, optional: true, about: LOCAL }) dueLocal?: string | null;
  @TextField({ max: 23, optional: true, about: LOCAL }) closesLocal?: string | null;
  @TextField({ max: 64, optional: true, about: 'IANA zone; UTC by default' })
  timeZone?: string;
  @IntegerField({ min: 1, max: 100, optional: true, about: '1 by default' })
  maxAttempts?: number;
  @ChoiceField(MODES, { optional: true, about: MODE_ABOUT }) mode?: (typeof MODES)[number];
  @NestedField(() => AudienceDto, { optional: true }) audience?: AudienceDto;
}

/** Absent: unchanged. Null takes an instant away. */
export class AssignmentChangeDto {
  @TextField({ max: 200, optional: true }) title?: string;
  @TextField({ max: 100, optional: true }) category?: string;
  @InstantField({ optional: true }) opensAt?: string | null;
  @InstantField({ optional: true }) dueAt?: string | null;
  @InstantField({ optional: true }) closesAt?: string | null;
  @TextField({ max: 23, optional: true, about: LOCAL }) opensLocal?: string | null;
  @TextField({ max: 23, optional: true, about: LOCAL }) dueLocal?: string | null;
  @TextField({ max: 23, optional: true, about: LOCAL }) closesLocal?: string | null;
  @TextField({ max: 64, optional: true, about: 'the local times stay what they are' })
  timeZone?: string;
  @IntegerField({ min: 1, max: 100, optional: true }) maxAttempts?: number;
  @ChoiceField(MODES, { optional: true, about: 'of a draft' }) mode?: (typeof MODES)[number];
  @NestedField(() => AudienceDto, { optional: true, about: 'replaces all of it' })
  audience?: AudienceDto;
}

export class AssignmentQuery extends PageQuery {
  @IdField({ optional: true }) classId?: string;
}

export class PublicationScheduleDto {
  @TextField({ max: 23, about: 'local time in the zone of the assignment' }) publishLocal: string;
}

export class LiveCursorDto {
  @IntegerField({ min: 0, max: 500, about: 'the last slot the class has come to' }) slot: number;
}

export class AssignmentDto {
  @IdField() id: string;
  @IdField() classId: string;
  @IdField() testId: string;
  @IdField({ optional: true, about: 'pinned by the first publication' }) testVersionId?: string;
  @TextField({ max: 200 }) title: string;
  @TextField({ max: 100 }) category: string;
  @NumberField({ min: 0, optional: true }) pointsPossible?: number;
  @InstantField({ optional: true }) opensAt?: string;
  @InstantField({ optional: true }) dueAt?: string;
  @InstantField({ optional: true }) closesAt?: string;
  @TextField({ max: 23, optional: true }) opensLocal?: string;
  @TextField({ max: 23, optional: true }) dueLocal?: string;
  @TextField({ max: 23, optional: true }) closesLocal?: string;
  @TextField({ max: 64 }) timeZone: string;
  @IntegerField({ min: 1, max: 100 }) maxAttempts: number;
  @ChoiceField(MODES, { about: MODE_ABOUT }) mode: (typeof MODES)[number];
  @IntegerField({ min: 0, max: 500, optional: true, about: 'of a live one' }) liveSlot?: number;
  @NestedField(() => AudienceDto, { optional: true, about: 'for teachers' }) audience?: AudienceDto;
  @IntegerField({
    min: 0,
    max: 2_147_483_647,
    about: '0: the best attempt counts, nothing is taken',
  })
  policyVersion: number;
  @NestedField(() => GradePolicyDto, { optional: true }) policy?: GradePolicyDto;
  @InstantField({ optional: true, about: 'when a draft publishes itself' }) publishAt?: string;
  @ChoiceField(STATUSES) status: (typeof STATUSES)[number];
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @InstantField() createdAt: string;
}

export class AssignmentPageDto {
  @ListField(() => AssignmentDto, { max: 200 }) items: AssignmentDto[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}
