import { type Accommodation, accommodatedSeconds } from './accommodation.js';
import { instantAt, plusDays, type WallTime, wallTimeAt } from './wall-time.js';

/** The moments of a window. Learners start between opening and close; what is later than due is late. */
export const MOMENTS = ['opens', 'due', 'closes'] as const;
export type MomentName = (typeof MOMENTS)[number];

/** A moment as it was thought of and as it falls; null is "no such limit". */
export type Moment = { wallTime: WallTime; at: Date } | null;

export interface BaseWindow extends Record<MomentName, Moment> {
  timeZone: string;
  maxAttempts: number;
  timeLimitSeconds: number | null;
}

/** What differs for a class, a group or one learner; a moment not mentioned stays as it is. */
export interface WindowOverride {
  scope: 'class' | 'group' | 'learner';
  /** Of the class, group or learner. */
  targetId: string;
  opens?: WallTime | null;
  due?: WallTime | null;
  closes?: WallTime | null;
  /** Moves due and close by calendar days, at the same time of day. */
  extensionDays?: number;
  maxAttempts?: number;
}

/** What is known of a learner who came after the assignment opened. */
export interface LateJoiner {
  joinedAt: Date;
  /** Days they have from joining; null: no more than the others. */
  days: number | null;
}

export interface WindowFacts {
  base: BaseWindow;
  /** Those that name the learner, a group of theirs, or the class. */
  overrides: readonly WindowOverride[];
  accommodation: Accommodation | null;
  lateJoiner: LateJoiner | null;
}

export type WindowRule =
  | 'base'
  | 'class-override'
  | 'group-override'
  | 'learner-override'
  | 'accommodation'
  | 'late-joiner';

export interface WindowChange {
  field: MomentName | 'maxAttempts' | 'timeLimitSeconds';
  /** Instants as RFC 3339; null is "no such limit". */
  from: string | number | null;
  to: string | number | null;
}

/** One rule that spoke, in the order of rules, with what it changed. */
export interface RuleStep {
  rule: WindowRule;
  /** Whose override it was. */
  targetId?: string;
  changes: WindowChange[];
}

export interface EffectiveWindow extends BaseWindow {
  /** How it came about: the base first, then every rule that says something of this learner. */
  trace: RuleStep[];
}

/**
 * When a learner may work, how often and how long, and why: base, then what differs for the class,
 * for their groups, for the learner; then the accommodation, once; then what late joiners have at
 * the least. Of several groups the most generous counts, moment by moment. A due date moved past
 * the close takes the close along, so that no extension is one on paper only.
 */
export function effectiveWindow(facts: WindowFacts): EffectiveWindow {
  const { base, overrides, accommodation, lateJoiner } = facts;
  const trace = new Trace(base);
  const of = (scope: WindowOverride['scope']) =>
    overrides
      .filter((one) => one.scope === scope)
      .toSorted((one, other) => (one.targetId < other.targetId ? -1 : 1));
  let window = base;
  for (const rule of of('class')) {
    window = trace.step('class-override', window, overridden(window, rule), rule.targetId);
  }
  window = throughGroups(window, of('group'), trace);
  for (const rule of of('learner')) {
    window = trace.step('learner-override', window, overridden(window, rule), rule.targetId);
  }
  if (accommodation !== null) {
    window = trace.step('accommodation', window, accommodated(window, accommodation));
  }
  if (lateJoiner !== null && lateJoiner.days !== null) {
    window = trace.step('late-joiner', window, joinedLate(window, lateJoiner, lateJoiner.days));
  }
  return { ...window, trace: trace.steps };
}

/** The moment at a wall time; of an hour that comes twice, the one that is kinder to learners. */
export function momentAt(name: MomentName, wallTime: WallTime, timeZone: string): Moment {
  const repeated = name === 'opens' ? 'earlier' : 'later';
  return { wallTime, at: instantAt(wallTime, timeZone, repeated) };
}

function overridden(window: BaseWindow, rule: WindowOverride): BaseWindow {
  const days = rule.extensionDays ?? 0;
  const moments = MOMENTS.map((name) => {
    const given = rule[name];
    if (given !== undefined) {
      return [name, given === null ? null : momentAt(name, given, window.timeZone)];
    }
    return [name, name === 'opens' ? window.opens : movedBy(window, name, days)];
  });
  const maxAttempts = rule.maxAttempts ?? window.maxAttempts;
  return closedAfterDue({ ...window, ...Object.fromEntries(moments), maxAttempts });
}

function throughGroups(
  window: BaseWindow,
  rules: readonly WindowOverride[],
  trace: Trace,
): BaseWindow {
  let best: BaseWindow | null = null;
  for (const rule of rules) {
    const own = overridden(window, rule);
    const next: BaseWindow = best === null ? own : moreGenerous(best, own, window);
    trace.step('group-override', best ?? window, next, rule.targetId);
    best = next;
  }
  return best ?? window;
}

/** Of what two groups say; a moment that the second leaves as `unchanged` is the first's to say. */
function moreGenerous(one: BaseWindow, other: BaseWindow, unchanged: BaseWindow): BaseWindow {
  const moments = MOMENTS.map((name) => {
    const says = timeMs(other[name], name) !== timeMs(unchanged[name], name);
    const first = timeMs(one[name], name);
    const second = timeMs(other[name], name);
    const isBetter = name === 'opens' ? second < first : second > first;
    const isUnsaid = first === timeMs(unchanged[name], name);
    return [name, says && (isBetter || isUnsaid) ? other[name] : one[name]];
  });
  const maxAttempts = Math.max(one.maxAttempts, other.maxAttempts);
  return closedAfterDue({ ...one, ...Object.fromEntries(moments), maxAttempts });
}

/** No opening is the earliest opening, no due date the latest. */
function timeMs(moment: Moment, name: MomentName): number {
  return moment?.at.getTime() ?? (name === 'opens' ? -Infinity : Infinity);
}

function accommodated(window: BaseWindow, given: Accommodation): BaseWindow {
  const { timeLimitSeconds: limit } = window;
  const timeLimitSeconds = limit === null ? null : accommodatedSeconds(limit, given);
  const extraMs = ((timeLimitSeconds ?? 0) - (limit ?? 0)) * 1000;
  const closes = movedBy(window, 'closes', given.extraDays);
  return {
    ...window,
    due: movedBy(window, 'due', given.extraDays),
    // Who starts as late as they may has the whole of the longer limit.
    closes: closes && extraMs > 0 ? momentOf(closes.at.getTime() + extraMs, window) : closes,
    maxAttempts: window.maxAttempts + given.extraAttempts,
    timeLimitSeconds,
  };
}

/** Due at the usual time of day, so many days after joining, if that is later. */
function joinedLate(window: BaseWindow, { joinedAt }: LateJoiner, days: number): BaseWindow {
  if (window.due === null) return window;
  const joinedOn = wallTimeAt(joinedAt, window.timeZone).slice(0, 10);
  const wallTime = plusDays(`${joinedOn}T${window.due.wallTime.slice(11)}`, days);
  const due = momentAt('due', wallTime, window.timeZone);
  if (due === null || due.at <= window.due.at) return window;
  return closedAfterDue({ ...window, due });
}

function closedAfterDue(window: BaseWindow): BaseWindow {
  const { due, closes } = window;
  return due !== null && closes !== null && closes.at < due.at
    ? { ...window, closes: due }
    : window;
}

function movedBy(window: BaseWindow, name: 'due' | 'closes', days: number): Moment {
  const moment = window[name];
  if (moment === null || days === 0) return moment;
  return momentAt(name, plusDays(moment.wallTime, days), window.timeZone);
}

function momentOf(ms: number, { timeZone }: BaseWindow): Moment {
  const at = new Date(ms);
  return { wallTime: wallTimeAt(at, timeZone), at };
}

class Trace {
  readonly steps: RuleStep[];

  constructor(base: BaseWindow) {
    const changes = valuesOf(base).map(([field, to]) => ({ field, from: null, to }));
    this.steps = [{ rule: 'base', changes }];
  }

  step(rule: WindowRule, before: BaseWindow, after: BaseWindow, targetId?: string): BaseWindow {
    const was = new Map(valuesOf(before));
    const changes = valuesOf(after)
      .map(([field, to]) => ({ field, from: was.get(field) ?? null, to }))
      .filter(({ from, to }) => from !== to);
    this.steps.push({ rule, ...(targetId === undefined ? {} : { targetId }), changes });
    return after;
  }
}

function valuesOf(window: BaseWindow): [WindowChange['field'], string | number | null][] {
  return [
    ...MOMENTS.map((name): [MomentName, string | null] => [
      name,
      window[name]?.at.toISOString() ?? null,
    ]),
    ['maxAttempts', window.maxAttempts],
    ['timeLimitSeconds', window.timeLimitSeconds],
  ];
}
