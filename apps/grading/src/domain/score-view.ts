import type { DecidedBy, PartNote, PartTrace, ResponseValue, Verdict } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import { sumPoints } from '@parlance/kernel';
import type { MarkRubric } from './marking-rubric.js';
import { countedResponses, type ScoredItem, type ScoredPart } from './score-attempt.js';

/** The present mark of one review task. */
export interface Mark {
  slot: number;
  /** Null: of the whole item. */
  responseId: string | null;
  points: number;
  comment: string | null;
  annotations: readonly Annotation[];
  rubric?: MarkRubric | null;
  markedBy: Id;
}

/** A comment on a piece of an answer: code points of a text, or seconds of a recording. */
export type Annotation =
  | { start: number; end: number; comment: string }
  | { startSeconds: number; endSeconds: number; comment: string };

/**
 * How a part stands now. Key, rule and trace are for teachers: they would give later attempts away.
 */
export interface PartView {
  slot: number;
  itemVersionId: Id;
  responseId: string | null;
  given: ResponseValue;
  points: number | null;
  pointsPossible: number | null;
  verdict: Verdict;
  comment: string | null;
  /** What was noticed of an answer that was taken all the same. */
  notes?: PartNote[];
  /** The author's word on a wrong answer. */
  feedback?: string;
  /** The author's words on what was chosen. */
  choiceFeedback?: { choice: string; text: string }[];
  expected?: ResponseValue;
  rule?: DecidedBy;
  trace?: PartTrace;
  markedBy?: Id | null;
}

export interface ItemView {
  slot: number;
  itemVersionId: Id;
  points: number | null;
  pointsPossible: number;
}

export type Viewer = 'teacher' | 'learner';

/** Lays the marks of people over what scoring left, for one kind of reader. */
export function partViews(
  items: readonly ScoredItem[],
  marks: readonly Mark[],
  viewer: Viewer,
): PartView[] {
  return items.flatMap((item) => {
    const own = marks.filter((mark) => mark.slot === item.slot);
    const whole = own.find((mark) => mark.responseId === null);
    const views = item.parts.map((part) => {
      const mark = own.find((one) => one.responseId === part.responseId) ?? whole;
      return partView(item, part, mark, viewer);
    });
    return views.length > 0 ? views : [wholeItemView(item, whole, viewer)];
  });
}

/** As it is shown while feedback is not released: without a word of the author's. */
export function withoutAuthorsWords(item: ScoredItem): ScoredItem {
  const parts = item.parts.map(({ feedback: _, choiceFeedback: __, ...part }) => part);
  return { ...item, parts };
}

export function itemViews(items: readonly ScoredItem[], marks: readonly Mark[]): ItemView[] {
  return items.map((item) => {
    const own = marks.filter((mark) => mark.slot === item.slot);
    const { slot, itemVersionId, pointsPossible } = item;
    return { slot, itemVersionId, points: itemPoints(item, own), pointsPossible };
  });
}

/** Null until every part that waits has its mark. */
function itemPoints(item: ScoredItem, marks: readonly Mark[]): number | null {
  if (item.waitsFor === 'nobody') return item.points;
  if (item.waitsFor === 'item') return marks[0]?.points ?? null;
  const points = item.parts.map(
    (part) => part.points ?? marks.find((mark) => mark.responseId === part.responseId)?.points,
  );
  return points.some((one) => one === undefined) ? null : sumPoints(points.map((one) => one ?? 0));
}

function partView(
  item: ScoredItem,
  part: ScoredPart,
  mark: Mark | undefined,
  viewer: Viewer,
): PartView {
  const { slot, itemVersionId } = item;
  const isOnly = item.parts.length === 1;
  const ofWhole = mark?.responseId === null && !isOnly;
  const possible = part.pointsPossible ?? (isOnly ? item.pointsPossible : null);
  const view: PartView = {
    slot,
    itemVersionId,
    responseId: part.responseId,
    given: countedResponses(item)[part.responseId] ?? null,
    // A mark of the whole item says nothing about what each of its parts earned.
    points: mark === undefined ? part.points : ofWhole ? null : mark.points,
    pointsPossible: possible,
    verdict:
      mark === undefined ? part.verdict : verdictOf(mark, ofWhole ? item.pointsPossible : possible),
    comment: mark?.comment ?? null,
    // A person's mark takes the place of what scoring found.
    ...(mark === undefined ? remarksOn(part) : {}),
  };
  if (viewer === 'learner') return view;
  const found =
    mark === undefined
      ? { rule: part.rule, ...(part.trace === undefined ? {} : { trace: part.trace }) }
      : { rule: 'human-review' as const };
  return { ...view, expected: part.expected, ...found, markedBy: mark?.markedBy ?? null };
}

/** What scoring says to the learner; neither gives the key away. */
function remarksOn({
  notes,
  feedback,
  choiceFeedback,
}: ScoredPart): Pick<PartView, 'notes' | 'feedback' | 'choiceFeedback'> {
  return {
    ...(notes === undefined ? {} : { notes }),
    ...(feedback === undefined ? {} : { feedback }),
    ...(choiceFeedback === undefined ? {} : { choiceFeedback }),
  };
}

/** An item without a part that could be named. */
function wholeItemView(item: ScoredItem, mark: Mark | undefined, viewer: Viewer): PartView {
  const { slot, itemVersionId, pointsPossible } = item;
  const points = mark?.points ?? item.points;
  const verdict = mark === undefined ? 'awaiting-review' : verdictOf(mark, pointsPossible);
  const view: PartView = {
    slot,
    itemVersionId,
    responseId: null,
    given: null,
    points,
    pointsPossible,
    verdict: item.waitsFor === 'nobody' ? 'unanswered' : verdict,
    comment: mark?.comment ?? null,
  };
  if (viewer === 'learner') return view;
  return { ...view, expected: null, rule: 'human-review', markedBy: mark?.markedBy ?? null };
}

function verdictOf({ points }: Mark, pointsPossible: number | null): Verdict {
  if (points > 0 && points >= (pointsPossible ?? points)) return 'correct';
  return points > 0 ? 'partial' : 'incorrect';
}
