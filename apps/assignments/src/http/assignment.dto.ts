import {
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NumberField,
  PageQuery,
  TextField,
} from '@parlance/platform';

const STATUSES = ['draft', 'published', 'withdrawn'] as const;

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
  @TextField({ max: 64, optional: true, about: 'IANA zone; UTC by default' })
  timeZone?: string;
  @IntegerField({ min: 1, max: 100, optional: true, about: '1 by default' })
  maxAttempts?: number;
}

/** Absent: unchanged. Null takes an instant away. */
export class AssignmentChangeDto {
  @TextField({ max: 200, optional: true }) title?: string;
  @TextField({ max: 100, optional: true }) category?: string;
  @InstantField({ optional: true }) opensAt?: string | null;
  @InstantField({ optional: true }) dueAt?: string | null;
  @InstantField({ optional: true }) closesAt?: string | null;
  @TextField({ max: 64, optional: true }) timeZone?: string;
  @IntegerField({ min: 1, max: 100, optional: true }) maxAttempts?: number;
}

export class AssignmentQuery extends PageQuery {
  @IdField({ optional: true }) classId?: string;
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
  @TextField({ max: 64 }) timeZone: string;
  @IntegerField({ min: 1, max: 100 }) maxAttempts: number;
  @ChoiceField(STATUSES) status: (typeof STATUSES)[number];
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @InstantField() createdAt: string;
}

export class AssignmentPageDto {
  @ListField(() => AssignmentDto, { max: 200 }) items: AssignmentDto[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}
