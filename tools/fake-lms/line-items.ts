import { randomUUID } from 'node:crypto';
import type { Dialect } from './dialect.js';
import type { Score } from './score-rules.js';

/** The wire form of a line item without its id; keys that are full URLs are vendor extensions. */
export interface LineItemFields {
  label: string;
  scoreMaximum: number;
  resourceLinkId?: string;
  [extension: string]: unknown;
}

export interface LineItem {
  readonly key: string;
  readonly contextId: string;
  /** The tool that owns it; undefined stands for the first tool installed. */
  readonly clientId: string | undefined;
  /** Made by the platform together with a resource link. */
  readonly coupled: boolean;
  fields: LineItemFields;
  readonly grades: Map<string, Grade>;
}

export interface Grade {
  /** In the item's own scale; undefined once cleared. */
  resultScore: number | undefined;
  comment: string | undefined;
  scoringUserId: string | undefined;
  /** Instant of the last score taken; undefined when only the teacher graded. */
  scoredAtMs: number | undefined;
  overridden: boolean;
}

/** A score the platform accepted. `lineItemId` is the line item's URL, as the tool knows it. */
export interface ReceivedScore {
  readonly lineItemId: string;
  readonly userId: string;
  readonly scoreGiven: number | undefined;
  readonly scoreMaximum: number | undefined;
  readonly activityProgress: string;
  readonly gradingProgress: string;
  readonly timestamp: string;
  readonly comment?: string;
  readonly receivedAt: string;
}

/** A grade as the LMS gradebook shows it. */
export interface GradebookResult {
  readonly lineItemId: string;
  readonly userId: string;
  readonly resultScore: number | undefined;
  readonly resultMaximum: number;
  readonly comment?: string;
  readonly overridden: boolean;
}

const PRESERVE_KEY = 'https://canvas.instructure.com/lti/submission';

/** The columns of the LMS gradebook and what stands in them. */
export class LineItems {
  readonly received: ReceivedScore[] = [];
  readonly #items = new Map<string, LineItem>();
  readonly #dialect: Dialect;
  readonly #origin: () => string;
  readonly #now: () => number;

  constructor(dialect: Dialect, origin: () => string, now: () => number) {
    this.#dialect = dialect;
    this.#origin = origin;
    this.#now = now;
  }

  add(
    fields: LineItemFields,
    owner: { contextId: string; clientId: string | undefined; coupled: boolean },
  ): LineItem {
    const item: LineItem = { key: randomUUID(), fields, ...owner, grades: new Map() };
    this.#items.set(item.key, item);
    return item;
  }

  origin(): string {
    return this.#origin();
  }

  all(): LineItem[] {
    return [...this.#items.values()];
  }

  find(key: string): LineItem | undefined {
    return this.#items.get(key);
  }

  ofLink(resourceLinkId: string): LineItem[] {
    return this.all().filter((item) => item.fields.resourceLinkId === resourceLinkId);
  }

  remove(item: LineItem): void {
    this.#items.delete(item.key);
  }

  url(item: LineItem, tail = ''): string {
    const query = this.#dialect.lineItemQuery;
    return `${this.#origin()}/lineitems/${item.key}${tail}${query && `?${query}`}`;
  }

  collectionUrl(contextId: string): string {
    const query = this.#dialect.lineItemQuery;
    const path = `/contexts/${encodeURIComponent(contextId)}/lineitems`;
    return `${this.#origin()}${path}${query && `?${query}`}`;
  }

  /** Grades keep their share of the maximum when the maximum changes. */
  replace(item: LineItem, fields: LineItemFields): void {
    const ratio = fields.scoreMaximum / item.fields.scoreMaximum;
    item.fields = fields;
    if (ratio === 1) return;
    for (const grade of item.grades.values()) {
      if (grade.resultScore !== undefined) grade.resultScore *= ratio;
      if (this.#dialect.name !== 'moodle') continue;
      // Moodle writes the rescaled grades anew: erased ones become zero and all are stamped now.
      grade.resultScore ??= 0;
      grade.scoredAtMs = this.#now();
    }
  }

  isStale(item: LineItem, score: Score): boolean {
    const last = item.grades.get(score.userId)?.scoredAtMs;
    const step = this.#dialect.timestampStepMs;
    return last !== undefined && Math.floor(score.scoredAtMs / step) <= Math.floor(last / step);
  }

  record(item: LineItem, score: Score): void {
    this.received.push({
      lineItemId: this.url(item),
      userId: score.userId,
      scoreGiven: score.scoreGiven,
      scoreMaximum: score.scoreMaximum,
      activityProgress: score.activityProgress,
      gradingProgress: score.gradingProgress,
      timestamp: score.timestamp,
      ...(score.comment === undefined ? {} : { comment: score.comment }),
      receivedAt: new Date(this.#now()).toISOString(),
    });
    const grade = item.grades.get(score.userId) ?? emptyGrade();
    item.grades.set(score.userId, grade);
    grade.scoredAtMs = score.scoredAtMs;
    if (!grade.overridden) this.#enter(item, grade, score);
  }

  /** The teacher's own grade stands: later scores are taken and change nothing. */
  override(userId: string, resultScore: number, lineItemId?: string): void {
    const items = this.all().filter((item) =>
      lineItemId === undefined ? item.grades.has(userId) : this.url(item) === lineItemId,
    );
    if (items.length === 0) throw new Error(`There is no grade of "${userId}" to override.`);
    for (const item of items) {
      const grade = item.grades.get(userId) ?? emptyGrade();
      item.grades.set(userId, { ...grade, resultScore, overridden: true });
    }
  }

  results(): GradebookResult[] {
    return this.all().flatMap((item) =>
      [...item.grades].map(([userId, grade]) => ({
        lineItemId: this.url(item),
        userId,
        resultScore: grade.resultScore,
        resultMaximum: item.fields.scoreMaximum,
        ...(grade.comment === undefined ? {} : { comment: grade.comment }),
        overridden: grade.overridden,
      })),
    );
  }

  #enter(item: LineItem, grade: Grade, score: Score): void {
    const isFinal = score.gradingProgress === 'FullyGraded' && score.scoreGiven !== undefined;
    const extension = score.extensions[PRESERVE_KEY] as { preserve_score?: unknown } | undefined;
    const isPreserved = this.#dialect.name === 'canvas' && extension?.preserve_score === true;
    if (!isFinal && isPreserved) return;
    if (!isFinal && score.scoreGiven !== undefined && !this.#dialect.clearsWhenNotFinal) return;
    grade.comment = score.comment;
    grade.scoringUserId = score.scoringUserId;
    grade.resultScore = isFinal ? this.#scaled(item, score) : undefined;
  }

  #scaled(item: LineItem, score: Score): number {
    const maximum = item.fields.scoreMaximum;
    const scaled = ((score.scoreGiven ?? 0) * maximum) / (score.scoreMaximum ?? maximum);
    return this.#dialect.clampsOverMaximum ? Math.min(Math.max(scaled, 0), maximum) : scaled;
  }
}

function emptyGrade(): Grade {
  return {
    resultScore: undefined,
    comment: undefined,
    scoringUserId: undefined,
    scoredAtMs: undefined,
    overridden: false,
  };
}
