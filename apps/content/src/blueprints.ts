import { Injectable } from '@nestjs/common';
import { type Drawn, drawForms, fits, type TestStructure } from '@parlance/assessment';
import { type Id, newId, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { contentHash } from './content-hash.js';
import { type BankItem, type BlueprintRow, BlueprintStore } from './db/blueprint.store.js';
import { canonicalJson } from './domain/canonical-json.js';
import { idCursor } from './domain/cursor.js';
import { type NewPool, poolsOf, type TitledPool } from './domain/pools.js';
import { titleOf } from './domain/titles.js';
import { Publications } from './publications.js';

export interface NewBlueprint {
  title: string;
  pools: NewPool[];
}

export interface DrawRequest {
  title: string;
  forms: number;
  seed?: string;
  maxExposure?: number | null;
  seenInTestIds?: Id[];
  shuffle?: boolean;
  timeLimitSeconds?: number | null;
}

export interface DrawnForms {
  id: Id;
  blueprintVersionId: Id;
  seed: string;
  /** What the forms were drawn from: the same, with the same seed, gives the same forms. */
  snapshotId: Id;
  snapshotHash: string;
  tests: { testId: Id; testVersionId: Id; title: string; itemVersionIds: Id[] }[];
}

/** Blueprints, and the forms drawn from the bank by them. */
@Injectable()
export class Blueprints {
  constructor(
    private readonly database: Database,
    private readonly store: BlueprintStore,
    private readonly publications: Publications,
  ) {}

  async create(actor: Actor, body: NewBlueprint, key?: string): Promise<BlueprintRow> {
    const fresh = { id: newId(), version: 1, latestVersionId: newId() };
    const blueprint = { ...fresh, title: titleOf(body.title), pools: poolsOf(body.pools) };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'create-blueprint', body }, async () => {
        await this.store.addVersion(tx, blueprint, actor.personId);
        return blueprint;
      }),
    );
  }

  async change(actor: Actor, id: Id, seen: number, body: NewBlueprint): Promise<BlueprintRow> {
    const [title, pools] = [titleOf(body.title), poolsOf(body.pools)];
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      if (!(await this.store.lock(tx, id))) throw notFound('blueprint');
      const present = await this.present(tx, id);
      requireVersion(seen, present.version);
      const blueprint = { id, title, pools, version: seen + 1, latestVersionId: newId() };
      await this.store.addVersion(tx, blueprint, actor.personId);
      return blueprint;
    });
  }

  async list(actor: Actor, query: { limit: number; cursor?: string }): Promise<Page<BlueprintRow>> {
    const after = idCursor(query.cursor);
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.list(tx, after, query.limit),
    );
    return pageOf(rows, query.limit, (row) => [row.id]);
  }

  get(actor: Actor, id: Id): Promise<BlueprintRow> {
    return this.database.inInstitution(actor.institutionId, (tx) => this.present(tx, id));
  }

  /** Draws parallel forms and publishes each as a test; all of them or none. */
  async draw(actor: Actor, id: Id, body: DrawRequest, key?: string): Promise<DrawnForms> {
    const title = titleOf(body.title);
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: `draw-forms:${id}`, body }, async () => {
        const blueprint = await this.present(tx, id);
        await this.store.waitForTurn(tx);
        const bank = (await this.store.bank(tx)).filter((item) =>
          blueprint.pools.some((pool) => fits(pool, item)),
        );
        const seenItems = await this.store.itemsIn(tx, body.seenInTestIds ?? []);
        const seen = bank.filter(({ itemId }) => seenItems.has(itemId));
        const { forms, maxExposure = null } = body;
        const drawId = newId();
        const options = { seed: body.seed ?? drawId, forms, maxExposure };
        const seenIds = new Set(seen.map(({ itemVersionId }) => itemVersionId));
        const drawn = drawForms(blueprint.pools, bank, { ...options, seen: seenIds });
        if (!drawn.ok) throw infeasible(blueprint.pools, drawn);
        const candidates = canonicalJson(bank);
        const hash = contentHash(candidates);
        const snapshotId = await this.store.snapshot(tx, hash, candidates);
        const context = { actor, blueprint, bank, title, body };
        const tests = await this.publish(tx, drawn.forms, context);
        await this.store.addDraw(tx, {
          ...{ id: drawId, blueprintVersionId: blueprint.latestVersionId, snapshotId },
          options: { ...options, seen: [...seenIds] },
          testVersionIds: tests.map(({ testVersionId }) => testVersionId),
          ...{ actorId: actor.personId, traceId: currentTraceId() ?? null },
        });
        const { seed } = options;
        const from = { snapshotId, snapshotHash: hash, seed };
        return { id: drawId, blueprintVersionId: blueprint.latestVersionId, ...from, tests };
      }),
    );
  }

  private async publish(
    tx: Tx,
    forms: Extract<Drawn, { ok: true }>['forms'],
    about: {
      actor: Actor;
      blueprint: BlueprintRow;
      bank: readonly BankItem[];
      title: string;
      body: DrawRequest;
    },
  ): Promise<DrawnForms['tests']> {
    const { actor, blueprint, bank, body } = about;
    const byVersion = new Map(bank.map((item) => [item.itemVersionId, item]));
    const points = new Map(bank.map((item) => [item.itemVersionId, item.pointsPossible]));
    const { institutionId, personId: actorId } = actor;
    const context = { importId: null, institutionId, actorId, traceId: currentTraceId() ?? null };
    const timeLimitSeconds = body.timeLimitSeconds ?? undefined;
    const tests: DrawnForms['tests'] = [];
    for (const [at, form] of forms.entries()) {
      const title = forms.length === 1 ? about.title : `${about.title} ${at + 1}`;
      const structure: TestStructure = {
        title,
        sections: blueprint.pools.map((pool) => ({
          ...{ id: pool.id, title: pool.title, instructions: [] },
          ...{ select: null, shuffle: body.shuffle ?? false },
          items: form
            .filter(({ poolId }) => poolId === pool.id)
            .map(({ itemVersionId }) => ({
              identifier: byVersion.get(itemVersionId)?.identifier ?? itemVersionId,
              ...{ itemVersionId, fixed: false },
            })),
        })),
      };
      const test = { identifier: newId(), structure, points, timeLimitSeconds };
      const { id: testId, versionId: testVersionId } = await this.publications.structure(
        tx,
        test,
        context,
      );
      const itemVersionIds = form.map(({ itemVersionId }) => itemVersionId);
      tests.push({ testId, testVersionId, title, itemVersionIds });
    }
    return tests;
  }

  private async present(tx: Tx, id: Id): Promise<BlueprintRow> {
    const blueprint = await this.store.find(tx, id);
    if (blueprint === undefined) throw notFound('blueprint');
    return blueprint;
  }
}

function infeasible(
  pools: readonly TitledPool[],
  { shortages }: Extract<Drawn, { ok: false }>,
): Refusal {
  const faults = shortages.flatMap(({ poolIds, needed, available, overexposed }) =>
    poolIds.map((id) => ({
      pointer: `/pools/${pools.findIndex((pool) => pool.id === id)}`,
      detail:
        `${poolIds.length > 1 ? `${poolIds.join(', ')} together need` : `${id} needs`} ${needed} ` +
        `items and ${available} fit: ${needed - available} short` +
        (overexposed > 0 ? `; ${overexposed} more were used too often` : ''),
    })),
  );
  const detail = 'The bank does not hold what the blueprint asks for.';
  return new Refusal('unprocessable', 'blueprint-infeasible', detail, faults);
}
