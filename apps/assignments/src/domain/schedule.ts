import {
  instantAt,
  isWallTime,
  type MomentName,
  type WallTime,
  wallTimeAt,
} from '@parlance/assessment';
import { Refusal } from '@parlance/kernel';
import { requireTimeZone, type Window } from './window.js';

/** A window with the wall times its instants were thought of in. */
export interface Schedule extends Window {
  opensLocal: WallTime | null;
  dueLocal: WallTime | null;
  closesLocal: WallTime | null;
  timeZone: string;
  /** Release of the zone rules by which the instants follow from the wall times. */
  zoneRules: string;
}

/** A moment as a caller gives it: an instant, or a wall time in the zone of the assignment. */
export type GivenMoment = { at: Date } | { local: WallTime } | null;

export type GivenSchedule = Partial<Record<MomentName, GivenMoment>> & { timeZone?: string };

export const ZONE_RULES = process.versions.tz ?? 'unknown';

const UNSCHEDULED = {
  ...{ opensAt: null, dueAt: null, closesAt: null },
  ...{ opensLocal: null, dueLocal: null, closesLocal: null },
};

/**
 * The schedule with what is given; what is not mentioned keeps its time of day, so in another zone
 * it falls at another instant.
 */
export function rescheduled(known: Schedule | null, given: GivenSchedule): Schedule {
  const timeZone = given.timeZone ?? known?.timeZone ?? 'UTC';
  requireTimeZone(timeZone);
  const base = known ?? { ...UNSCHEDULED, timeZone, zoneRules: ZONE_RULES };
  const moved = timeZone === base.timeZone ? base : { ...recomputed({ ...base, timeZone }) };
  const next = { ...moved, timeZone, zoneRules: ZONE_RULES };
  const { opens, due, closes } = given;
  if (opens !== undefined) {
    [next.opensAt, next.opensLocal] = momentOf('opens', opens, timeZone);
  }
  if (due !== undefined) [next.dueAt, next.dueLocal] = momentOf('due', due, timeZone);
  if (closes !== undefined) {
    [next.closesAt, next.closesLocal] = momentOf('closes', closes, timeZone);
  }
  return next;
}

/** The instants anew from the wall times: after a change of zone, or of the rules of zones. */
export function recomputed<T extends Schedule>(schedule: T): T {
  const { timeZone, opensLocal, dueLocal, closesLocal } = schedule;
  const at = (name: MomentName, local: WallTime | null) =>
    local === null ? null : instantOf(name, local, timeZone);
  return {
    ...schedule,
    opensAt: at('opens', opensLocal) ?? schedule.opensAt,
    dueAt: at('due', dueLocal) ?? schedule.dueAt,
    closesAt: at('closes', closesLocal) ?? schedule.closesAt,
    zoneRules: ZONE_RULES,
  };
}

/** A wall time a caller gave, or a refusal that names its field. */
export function requireWallTime(text: string, pointer: string): WallTime {
  const year = Number(text.slice(0, 4));
  if (isWallTime(text) && year >= 2000 && year < 2200) return text;
  const detail = 'must be a local date and time such as 2026-03-29T18:00, without an offset';
  throw new Refusal('unprocessable', 'invalid-wall-time', 'A local time cannot be read.', [
    { pointer, detail },
  ]);
}

/** Of an hour that clocks show twice, opening means the first and a deadline the second. */
function instantOf(name: MomentName, local: WallTime, timeZone: string): Date {
  return instantAt(local, timeZone, name === 'opens' ? 'earlier' : 'later');
}

function momentOf(
  name: MomentName,
  given: GivenMoment,
  timeZone: string,
): [Date | null, WallTime | null] {
  if (given === null) return [null, null];
  if ('at' in given) return [given.at, wallTimeAt(given.at, timeZone)];
  return [instantOf(name, given.local, timeZone), given.local];
}
