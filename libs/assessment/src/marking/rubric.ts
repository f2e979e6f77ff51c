import { sumPoints } from '@parlance/kernel';
import type { Rubric, RubricCriterion, RubricLevel } from '../items/part-scoring.js';

/**
 * The chosen level of each criterion: criterion id to level id. A level keeps its id from one
 * version of a rubric to the next as long as it means the same.
 */
export type RubricChoices = Readonly<Record<string, string>>;

export interface RubricFault {
  /** RFC 6901 pointer into the rubric, or into the choices. */
  pointer: string;
  detail: string;
}

/** What is wrong with a rubric; empty when marks can be made with it. */
export function rubricFaults(rubric: Rubric): RubricFault[] {
  const { criteria, minPoints, maxPoints } = rubric;
  const faults: RubricFault[] = [];
  if (criteria.length === 0) faults.push({ pointer: '/criteria', detail: 'must not be empty' });
  faults.push(...twice(criteria, '/criteria'));
  criteria.forEach(({ levels }, index) => {
    const pointer = `/criteria/${index}/levels`;
    if (levels.length === 0) faults.push({ pointer, detail: 'must not be empty' });
    faults.push(...twice(levels, pointer));
  });
  if (minPoints > maxPoints) {
    faults.push({ pointer: '/minPoints', detail: 'must not be above maxPoints' });
  }
  return faults;
}

/** The most points a rubric gives. */
export function rubricPointsPossible(rubric: Rubric): number {
  const best = rubric.criteria.map(({ levels }) => Math.max(...levels.map(({ points }) => points)));
  return clamped(rubric, sumPoints(best));
}

/** What keeps choices from being a mark: a criterion without a level, or one nobody knows. */
export function choiceFaults(rubric: Rubric, choices: RubricChoices): RubricFault[] {
  const known = new Map(rubric.criteria.map((criterion) => [criterion.id, criterion]));
  const strange = Object.keys(choices)
    .filter((id) => !known.has(id))
    .map((id) => ({ pointer: `/${escaped(id)}`, detail: 'is no criterion of the rubric' }));
  const open = rubric.criteria
    .filter((criterion) => chosenLevel(criterion, choices) === undefined)
    .map(({ id }) => ({ pointer: `/${escaped(id)}`, detail: 'must be a level of the criterion' }));
  return [...strange, ...open];
}

/**
 * The sum of the chosen levels' points, clamped to the rubric's bounds. Throws RangeError unless
 * `choiceFaults` is empty.
 */
export function rubricPoints(rubric: Rubric, choices: RubricChoices): number {
  const [fault] = choiceFaults(rubric, choices);
  if (fault !== undefined) throw new RangeError(`${fault.pointer} ${fault.detail}`);
  const points = rubric.criteria.map((criterion) => chosenLevel(criterion, choices)?.points ?? 0);
  return clamped(rubric, sumPoints(points));
}

/** For each criterion, the new level of each old one; a level that is not named keeps its id. */
export type LevelMapping = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The choices as a later version of the rubric has them, or null when a criterion has no level
 * for them any more: such a mark has to be made again. Criteria that are gone are left out.
 */
export function migrateChoices(
  choices: RubricChoices,
  later: Rubric,
  mapping: LevelMapping = {},
): RubricChoices | null {
  const migrated: Record<string, string> = {};
  for (const criterion of later.criteria) {
    const old = own(choices, criterion.id);
    if (old === undefined) return null;
    const level = own(own(mapping, criterion.id) ?? {}, old) ?? old;
    if (!criterion.levels.some(({ id }) => id === level)) return null;
    migrated[criterion.id] = level;
  }
  return migrated;
}

function chosenLevel(criterion: RubricCriterion, choices: RubricChoices): RubricLevel | undefined {
  const chosen = own(choices, criterion.id);
  return criterion.levels.find(({ id }) => id === chosen);
}

/** Ids come from clients, so `constructor` must not find what every object has. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function clamped({ minPoints, maxPoints }: Rubric, points: number): number {
  return Math.min(Math.max(points, minPoints), maxPoints);
}

function twice(list: readonly { id: string }[], pointer: string): RubricFault[] {
  return list.flatMap(({ id }, index) =>
    list.findIndex((other) => other.id === id) === index
      ? []
      : [{ pointer: `${pointer}/${index}/id`, detail: 'is used twice' }],
  );
}

function escaped(id: string): string {
  return id.replaceAll('~', '~0').replaceAll('/', '~1');
}
