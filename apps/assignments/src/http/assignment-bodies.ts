import type { GradePolicy } from '@parlance/assessment';
import { Refusal } from '@parlance/kernel';
import type { Assignment } from '../domain/assignment.js';
import { type Audience, WHOLE_CLASS } from '../domain/audience.js';
import { type GivenMoment, type GivenSchedule, requireWallTime } from '../domain/schedule.js';
import { instantOf } from '../domain/window.js';
import type { AssignmentDto, AudienceDto, GradePolicyDto } from './assignment.dto.js';

interface ScheduleBody {
  opensAt?: string | null;
  dueAt?: string | null;
  closesAt?: string | null;
  opensLocal?: string | null;
  dueLocal?: string | null;
  closesLocal?: string | null;
  timeZone?: string | null;
}

/** The moments of a body, each an instant or a local time. */
export function scheduleOf(body: ScheduleBody): GivenSchedule {
  return present({
    opens: moment(body.opensAt, body.opensLocal, 'opens'),
    due: moment(body.dueAt, body.dueLocal, 'due'),
    closes: moment(body.closesAt, body.closesLocal, 'closes'),
    timeZone: body.timeZone ?? undefined,
  });
}

export function audienceOf(body: AudienceDto | undefined | null): Audience {
  return {
    groupIds: body?.groupIds ?? null,
    learnerIds: body?.learnerIds ?? null,
    lateJoiners: body?.lateJoiners ?? WHOLE_CLASS.lateJoiners,
    lateJoinerDays: body?.lateJoinerDays ?? null,
  };
}

export function audienceDto(audience: Audience): AudienceDto {
  const { groupIds, learnerIds, lateJoiners, lateJoinerDays } = audience;
  return {
    ...(groupIds === null ? {} : { groupIds }),
    ...(learnerIds === null ? {} : { learnerIds }),
    lateJoiners,
    ...(lateJoinerDays === null ? {} : { lateJoinerDays }),
  };
}

export function policyOf({ attempts, late, missing }: GradePolicyDto): GradePolicy {
  return {
    attempts,
    late: late ? { ...late, graceSeconds: late.graceSeconds ?? 60 } : null,
    missing: missing ? { deductionPercent: missing.deductionPercent } : null,
  };
}

export function policyDto({ attempts, late, missing }: GradePolicy): GradePolicyDto {
  return { attempts, ...(late && { late }), ...(missing && { missing }) };
}

/** As anybody may see it who sees the assignment: without the audience, which names learners. */
export function assignmentDto(a: Assignment): AssignmentDto {
  return {
    id: a.id,
    classId: a.classId,
    testId: a.testId,
    testVersionId: a.testVersionId ?? undefined,
    title: a.title,
    category: a.category,
    pointsPossible: a.pointsPossible ?? undefined,
    opensAt: a.opensAt?.toISOString(),
    dueAt: a.dueAt?.toISOString(),
    closesAt: a.closesAt?.toISOString(),
    opensLocal: a.opensLocal ?? undefined,
    dueLocal: a.dueLocal ?? undefined,
    closesLocal: a.closesLocal ?? undefined,
    timeZone: a.timeZone,
    maxAttempts: a.maxAttempts,
    mode: a.mode,
    liveSlot: a.mode === 'live' ? a.liveSlot : undefined,
    policyVersion: a.policyVersion,
    policy: a.policy === null ? undefined : policyDto(a.policy),
    publishAt: a.publishAt?.toISOString(),
    status: a.status,
    version: a.version,
    createdAt: a.createdAt.toISOString(),
  };
}

export function taughtAssignmentDto(a: Assignment): AssignmentDto {
  return { ...assignmentDto(a), audience: audienceDto(a) };
}

/** Undefined: not mentioned; null: taken away. */
function moment(
  at: string | null | undefined,
  local: string | null | undefined,
  name: string,
): GivenMoment | undefined {
  if (local === undefined || local === null) {
    if (at === undefined || at === null) return at === null || local === null ? null : undefined;
    return { at: instantOf(at, `/${name}At`) };
  }
  if (at === undefined || at === null) return { local: requireWallTime(local, `/${name}Local`) };
  const fault = { pointer: `/${name}Local`, detail: `is beside ${name}At; send one of them` };
  throw new Refusal('unprocessable', 'moment-twice', 'A moment is given twice.', [fault]);
}

/** Without the fields that a client did not mention, so that they stay as they are. */
export function present<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
