/**
 * A date and a time of day as a clock on the wall shows them: `2026-03-29T02:30`, with seconds and
 * milliseconds if need be. It becomes an instant only together with an IANA zone.
 */
export type WallTime = string;

const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d{3})?)?$/;
const DAY_MS = 86_400_000;

export function isWallTime(text: string): boolean {
  const ms = asUtcMs(text);
  return !Number.isNaN(ms) && wallText(ms) === normal(text);
}

/**
 * The instant at which clocks of the zone show the time. Where clocks go forward over it, the
 * instant is as long after the gap began as the wall time says, so 02:30 is what shows as 03:30.
 * Where clocks go back and show it twice, `repeated` says which is meant; a deadline takes the
 * later, so that nobody loses an hour they could read on their clock.
 *
 * @throws RangeError for a text that is no wall time, and for an unknown zone.
 */
export function instantAt(
  wallTime: WallTime,
  timeZone: string,
  repeated: 'earlier' | 'later' = 'earlier',
): Date {
  if (!isWallTime(wallTime)) throw new RangeError('not a wall time');
  const wallMs = asUtcMs(wallTime);
  // Offsets change rarely and by hours, so a day before and a day after see both sides of a change.
  const before = offsetMs(wallMs - DAY_MS, timeZone);
  const after = offsetMs(wallMs + DAY_MS, timeZone);
  const candidates = [wallMs - before, wallMs - after].sort((one, other) => one - other);
  const shown = candidates.filter((ms) => ms + offsetMs(ms, timeZone) === wallMs);
  const ms = repeated === 'earlier' ? shown[0] : shown.at(-1);
  // Nothing shows a time that clocks leap over: it is counted on from before the leap.
  return new Date(ms ?? wallMs - before);
}

/** What clocks of the zone show at the instant, to the millisecond. */
export function wallTimeAt(instant: Date, timeZone: string): WallTime {
  const ms = instant.getTime();
  return wallText(ms + offsetMs(ms, timeZone));
}

/** So many calendar days later (or earlier) at the same time of day, whatever clocks do between. */
export function plusDays(wallTime: WallTime, days: number): WallTime {
  if (!isWallTime(wallTime)) throw new RangeError('not a wall time');
  return wallText(asUtcMs(wallTime) + days * DAY_MS);
}

function asUtcMs(text: string): number {
  return FORM.test(text) ? Date.parse(`${normal(text)}Z`) : Number.NaN;
}

function normal(text: string): string {
  return (text.length === 16 ? `${text}:00` : text).replace('.000', '');
}

function wallText(ms: number): WallTime {
  return normal(new Date(ms).toISOString().slice(0, 23));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What clocks of the zone are ahead of UTC at an instant; behind it is negative. */
function offsetMs(ms: number, timeZone: string): number {
  const whole = Math.floor(ms / 1000) * 1000;
  const part = Object.fromEntries(
    clock(timeZone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

function clock(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, made);
  return made;
}
