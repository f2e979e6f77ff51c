import type { TestService } from '@parlance/platform/testing';
import { School, startIdentity } from './school.js';

describe('tenancy', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startIdentity();
  });
  afterAll(() => service.stop());

  test('every table with an institution has forced row-level security', async () => {
    const rows = await service.database.outsideInstitutions((tx) =>
      tx.query<{ name: string; safe: boolean }>(
        `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS safe
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE a.attname = 'institution_id' AND c.relkind IN ('r', 'p')
           AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition`,
      ),
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !row.safe)).toEqual([]);
  });

  test('a forgotten filter returns nothing of others', async () => {
    const [one, other] = [await School.open(service), await School.open(service)];
    const tables = ['institution', 'person', 'password', 'session'];
    for (const table of tables) {
      const count = `SELECT institution_id FROM ${table}`;
      const outside = await service.database.outsideInstitutions((tx) => tx.query(count));
      expect(outside).toEqual([]);
      const inside = await service.database.inInstitution(one.id, (tx) =>
        tx.query<{ institution_id: string }>(count),
      );
      expect(inside.length).toBeGreaterThan(0);
      expect(new Set(inside.map((row) => row.institution_id))).toEqual(new Set([one.id]));
    }
    const smuggle = service.database.inInstitution(one.id, (tx) =>
      tx.query(
        `INSERT INTO class (institution_id, id, name, status, version)
         VALUES ($1, $1, 'x', 'active', 1)`,
        [other.id],
      ),
    );
    await expect(smuggle).rejects.toThrow(/row-level security/);
  });

  test('a slug shows its own institution and no other', async () => {
    const [one] = [await School.open(service), await School.open(service)];
    const rows = await service.database.outsideInstitutions(async (tx) => {
      await tx.query(`SELECT set_config('app.institution_slug', $1, true)`, [one.slug]);
      return tx.query<{ slug: string }>('SELECT slug FROM institution');
    });
    expect(rows).toEqual([{ slug: one.slug }]);
    const after = await service.database.outsideInstitutions((tx) =>
      tx.query('SELECT slug FROM institution'),
    );
    expect(after).toEqual([]);
  });
});
