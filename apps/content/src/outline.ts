import { Injectable } from '@nestjs/common';
import { type Id, newId, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { OutlineStore } from './db/outline.store.js';
import { TestStore } from './db/test.store.js';
import { numberCursor } from './domain/cursor.js';
import { newPosition, outlineTree, PARENT_OF, shiftFor } from './domain/outline.js';
import type { Level, OutlineNode, Part } from './domain/outline.js';
import { type ActivityMode, type CefrLevel, type Skill, skillSet } from './domain/tags.js';
import { titleOf } from './domain/titles.js';
import { seriesArchived } from './series.js';

export interface NewPart {
  title: string;
  position?: number;
  cefrLevel?: CefrLevel | null;
  skills?: Skill[];
  mode?: ActivityMode;
  testId?: Id | null;
}

/** Fields left out stay as they are; null clears one that may be empty. */
export type PartPatch = Partial<NewPart> & { parentId?: Id };

/** Courses, units, lessons and activities, each in its order among its siblings. */
@Injectable()
export class Outline {
  constructor(
    private readonly database: Database,
    private readonly store: OutlineStore,
    private readonly tests: TestStore,
  ) {}

  async add(actor: Actor, level: Level, parentId: Id, body: NewPart, key?: string): Promise<Part> {
    const title = titleOf(body.title);
    const operation = `add-${level}:${parentId}`;
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation, body }, async () => {
        if (!(await this.store.lockParent(tx, level, parentId))) throw notFound(PARENT_OF[level]);
        await this.requireLive(tx, level, parentId);
        await this.requireTest(tx, body.testId);
        const count = await this.store.count(tx, level, parentId);
        const position = newPosition(body.position, count);
        await this.store.shift(tx, level, parentId, { first: position, last: count, by: 1 });
        const part: Part = {
          id: newId(),
          parentId,
          title,
          position,
          cefrLevel: body.cefrLevel ?? null,
          skills: skillSet(body.skills ?? []),
          version: 1,
          ...(level === 'activity'
            ? { mode: body.mode ?? 'self', testId: body.testId ?? null }
            : {}),
        };
        await this.store.insert(tx, level, part);
        return part;
      }),
    );
  }

  async list(
    actor: Actor,
    level: Level,
    parentId: Id,
    query: { limit: number; cursor?: string },
  ): Promise<Page<Part>> {
    const after = numberCursor(query.cursor, 0);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const rows = await this.store.list(tx, level, parentId, after, query.limit);
      if (rows.length === 0 && !(await this.store.parentExists(tx, level, parentId))) {
        throw notFound(PARENT_OF[level]);
      }
      return pageOf(rows, query.limit, (row) => [row.position]);
    });
  }

  async get(actor: Actor, level: Level, id: Id): Promise<Part> {
    const part = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.find(tx, level, id),
    );
    if (part === undefined) throw notFound(level);
    return part;
  }

  async course(actor: Actor, id: Id): Promise<OutlineNode> {
    const parts = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.outline(tx, id),
    );
    const course = outlineTree(parts);
    if (course === undefined) throw notFound('course');
    return course;
  }

  async change(actor: Actor, level: Level, id: Id, seen: number, patch: PartPatch): Promise<Part> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const found = await this.store.find(tx, level, id);
      if (found === undefined) throw notFound(level);
      // Always the parent before the part, as adding does, so that two writers never deadlock.
      const parentId = patch.parentId?.toLowerCase() ?? found.parentId;
      await this.lockParents(tx, level, { from: found.parentId, to: parentId }, patch);
      await this.requireLive(tx, level, found.parentId);
      if (parentId !== found.parentId) await this.requireLive(tx, level, parentId);
      const part = await this.store.lock(tx, level, id);
      if (part === undefined) throw notFound(level);
      requireVersion(seen, part.version);
      // What was locked is the parent it had a moment ago.
      requireVersion(found.version, part.version);
      await this.requireTest(tx, patch.testId);
      const position =
        parentId === part.parentId
          ? await this.move(tx, level, part, patch.position)
          : await this.moveTo(tx, level, part, parentId, patch.position);
      const changed = { ...patched(part, patch), parentId, position, version: part.version + 1 };
      await this.store.update(tx, level, changed);
      return changed;
    });
  }

  /** Makes room at the place asked for, or at the end if that is beyond it; returns the place. */
  private async move(tx: Tx, level: Level, part: Part, asked?: number | null): Promise<number> {
    if (!isGiven(asked)) return part.position;
    const to = Math.min(asked, await this.store.count(tx, level, part.parentId));
    const shift = shiftFor(part.position, to);
    if (shift !== null) await this.store.shift(tx, level, part.parentId, shift);
    return to;
  }

  /** Both in the order of their ids, so that two that move parts between them never deadlock. */
  private async lockParents(
    tx: Tx,
    level: Level,
    { from, to }: { from: Id; to: Id },
    patch: PartPatch,
  ): Promise<void> {
    if (from === to && !isGiven(patch.position)) return;
    for (const parentId of [...new Set([from, to])].sort()) {
      if (await this.store.lockParent(tx, level, parentId)) continue;
      const noun = PARENT_OF[level];
      throw new Refusal('unprocessable', `${noun}-not-found`, `There is no such ${noun}.`, [
        { pointer: '/parentId', detail: `must be the id of a ${noun} of this institution` },
      ]);
    }
  }

  /** Makes room below another parent, and closes the gap below the one it leaves. */
  private async moveTo(
    tx: Tx,
    level: Level,
    part: Part,
    parentId: Id,
    asked?: number | null,
  ): Promise<number> {
    const count = await this.store.count(tx, level, parentId);
    const position = newPosition(asked ?? undefined, count);
    await this.store.shift(tx, level, parentId, { first: position, last: count, by: 1 });
    const gap = { first: part.position + 1, last: 1_000_000, by: -1 as const };
    await this.store.shift(tx, level, part.parentId, gap);
    return position;
  }

  /** What is archived stays as classes in the middle of it have it. */
  private async requireLive(tx: Tx, level: Level, parentId: Id): Promise<void> {
    if ((await this.store.seriesStatus(tx, level, parentId)) === 'archived') throw seriesArchived();
  }

  private async requireTest(tx: Tx, testId: Id | null | undefined): Promise<void> {
    if (!isGiven(testId) || (await this.tests.exists(tx, testId))) return;
    throw new Refusal('unprocessable', 'test-not-found', 'There is no test with this id.', [
      { pointer: '/testId', detail: 'must be the id of a test of this institution' },
    ]);
  }
}

function patched(part: Part, patch: PartPatch): Part {
  const { title, cefrLevel, skills, mode, testId } = patch;
  return {
    ...part,
    title: isGiven(title) ? titleOf(title) : part.title,
    cefrLevel: cefrLevel === undefined ? part.cefrLevel : cefrLevel,
    skills: isGiven(skills) ? skillSet(skills) : part.skills,
    ...(isGiven(mode) ? { mode } : {}),
    ...(testId === undefined ? {} : { testId }),
  };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
