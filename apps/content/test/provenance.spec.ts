import { TEST_OPERATOR_SECRET, type TestService } from '@parlance/platform/testing';
import { gapPackage, person, startContent, textsIn } from './content-service.js';

interface TraceView {
  outbox: object[];
  records: { noun: string; rows: { id: string }[] }[];
}

describe('what was imported', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startContent();
  });
  afterAll(() => service.stop());

  it('is found by the trace of its request, without a key', async () => {
    const teacher = await person(service);
    const { body, headers } = await teacher.upload(gapPackage({ q1: 'archaeopteryx' }));
    const url = `http://127.0.0.1:${service.port}/internal/traces/${headers.get('x-request-id')}`;
    const operator = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
    const view = (await (await fetch(url, { headers: operator })).json()) as TraceView;

    expect(view.outbox).toHaveLength(3);
    expect(view.records.map((record) => record.noun)).toEqual([
      'import',
      'item version',
      'item step',
      'test version',
    ]);
    expect(view.records[0]?.rows[0]?.id).toBe(body.id);
    expect(textsIn(view).join()).not.toContain('archaeopteryx');
  });

  it.each([
    `UPDATE item_version SET title = 'x'`,
    `DELETE FROM item_version`,
    `UPDATE test_version SET title = 'x'`,
    `DELETE FROM import`,
    `DELETE FROM item`,
  ])('cannot be rewritten by the service: %s', async (sql) => {
    const { institutionId } = await person(service);
    const rewriting = service.database.inInstitution(institutionId, (tx) => tx.query(sql));
    await expect(rewriting).rejects.toThrow('permission denied');
  });

  it('is what a service started from nothing serves', async () => {
    for (const path of ['live', 'ready']) {
      expect((await fetch(`http://127.0.0.1:${service.port}/${path}`)).status).toBe(200);
    }
  });
});
