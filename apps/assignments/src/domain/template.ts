import { type GradePolicy, MOMENTS, type MomentName, plusDays } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Assignment, Mode } from './assignment.js';
import type { GivenSchedule } from './schedule.js';

/** A moment as days after the first of them, and a time of day. */
export interface RelativeMoment {
  days: number;
  /** Such as `18:00`. */
  time: string;
}

export interface RelativeSchedule extends Partial<Record<MomentName, RelativeMoment>> {
  timeZone: string;
}

/** All of an assignment that does not belong to one class and one week. */
export interface TemplateSettings {
  testId: Id;
  title: string;
  category: string;
  maxAttempts: number;
  mode: Mode;
  policy: GradePolicy | null;
  schedule: RelativeSchedule;
}

export function settingsOf(assignment: Assignment): TemplateSettings {
  const { testId, title, category, maxAttempts, mode, policy, timeZone } = assignment;
  const local = {
    opens: assignment.opensLocal,
    due: assignment.dueLocal,
    closes: assignment.closesLocal,
  };
  const first = MOMENTS.map((name) => local[name]?.slice(0, 10)).find((day) => day !== undefined);
  const schedule: RelativeSchedule = { timeZone };
  for (const name of MOMENTS) {
    const at = local[name];
    if (at === null || first === undefined) continue;
    const days = (Date.parse(at.slice(0, 10)) - Date.parse(first)) / 86_400_000;
    schedule[name] = { days, time: at.slice(11) };
  }
  return { testId, title, category, maxAttempts, mode, policy, schedule };
}

/** @param startsOn day of the first moment, such as `2026-09-01`. */
export function startingOn(schedule: RelativeSchedule, startsOn: string): GivenSchedule {
  const given: GivenSchedule = { timeZone: schedule.timeZone };
  for (const name of MOMENTS) {
    const moment = schedule[name];
    if (moment === undefined) continue;
    given[name] = { local: plusDays(`${startsOn}T${moment.time}`, moment.days) };
  }
  return given;
}
