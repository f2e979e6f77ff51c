import { type Rubric, rubricFaults, rubricPoints, type ScoringSpec } from '@parlance/assessment';
import { type Id, roundPoints } from '@parlance/kernel';

/** Where a rubric comes from: the institution's, in a version, or the item version itself. */
export type RubricName =
  | {
      versionId: Id;
      /** Left out in marks that were made before it was kept. */
      rubricId?: Id;
      version?: number;
    }
  | { itemVersionId: Id; responseId: string };

/** What a mark was made with: the rubric, and the level chosen for each criterion. */
export type MarkRubric = RubricName & { choices: Record<string, string> };

/** A rubric to mark by. */
export type MarkingRubric = RubricName & { body: Rubric };

/** What a learner reads of a rubric: the levels that were chosen, and none of the others. */
export interface RubricFeedback {
  title: string;
  criteria: {
    id: string;
    title: string;
    level: { id: string; title: string; description: string; points?: number };
  }[];
}

/**
 * The rubric an item brings for the answer a task is about. A task for the item as a whole has it
 * where the item is one part; a rubric nobody could mark with counts as none.
 */
export function ownRubric(
  itemVersionId: Id,
  spec: ScoringSpec,
  responseId: string | null,
): MarkingRubric | null {
  // An item that could not be scored may lack even its parts, and still needs a mark.
  const parts = Array.isArray(spec.parts) ? spec.parts : [];
  const part =
    responseId === null && parts.length === 1
      ? parts[0]
      : parts.find((one) => one.responseId === responseId);
  if (part?.scoring?.kind !== 'human' || part.scoring.rubric === undefined) return null;
  const { rubric } = part.scoring;
  if (rubricFaults(rubric).length > 0) return null;
  const body = worth(rubric, part.pointsPossible ?? spec.pointsPossible);
  return { itemVersionId, responseId: part.responseId, body };
}

/** The rubric with points as the answer is worth them, whatever its author counted in. */
function worth(rubric: Rubric, pointsPossible: number): Rubric {
  const { minPoints, maxPoints, criteria } = rubric;
  const scaled = (points: number) =>
    maxPoints > 0 && maxPoints !== pointsPossible
      ? roundPoints((points / maxPoints) * pointsPossible)
      : points;
  return {
    ...rubric,
    // No answer takes points from another.
    minPoints: Math.max(0, scaled(minPoints)),
    maxPoints: scaled(maxPoints),
    criteria: criteria.map((criterion) => ({
      ...criterion,
      levels: criterion.levels.map((level) => ({ ...level, points: scaled(level.points) })),
    })),
  };
}

/** Without the body: what a mark keeps. */
export function nameOf({ body: _, ...name }: MarkingRubric): RubricName {
  return name;
}

/** Equal for one and the same rubric. */
export function rubricKey(name: RubricName): string {
  return 'versionId' in name ? name.versionId : `${name.itemVersionId} ${name.responseId}`;
}

/**
 * The chosen levels of a mark. Points of levels are there when `points`, those that count, are
 * theirs: they would contradict the mean of two marks, and null must not be told.
 */
export function rubricFeedback(
  body: Rubric,
  choices: Record<string, string>,
  points: number | null,
): RubricFeedback {
  const isTheirs = points !== null && rubricPoints(body, choices) === points;
  const criteria = body.criteria.flatMap(({ id, title, levels }) => {
    const level = levels.find((one) => one.id === choices[id]);
    if (level === undefined) return [];
    const { points: worth, ...words } = level;
    return [{ id, title, level: isTheirs ? { ...words, points: worth } : words }];
  });
  return { title: body.title, criteria };
}
