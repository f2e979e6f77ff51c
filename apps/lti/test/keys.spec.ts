import { TEST_OPERATOR_SECRET, type TestService } from '@parlance/platform/testing';
import { seal, unseal } from '../src/sealed.js';
import { ToolKeys } from '../src/tool-keys.js';
import { startLti } from './world.js';

let service: TestService;

beforeAll(async () => {
  service = await startLti();
});

afterAll(() => service.stop());

const operator = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };

function rotate(purpose: string) {
  return service.request('POST', '/lti/key-rotations', { headers: operator, body: { purpose } });
}

test('the tool publishes RSA keys, and identity is given keys of another kind', async () => {
  const tool = await service.request('GET', '/lti/jwks');
  expect(tool.status).toBe(200);
  expect(tool.headers.get('cache-control')).toBe('public, max-age=3600');
  expect(Object.keys(tool.body.keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  expect(tool.body.keys[0]).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig' });
  const assertion = await service.request('GET', '/lti/assertion-jwks');
  expect(assertion.body.keys[0]).toMatchObject({ alg: 'ES256', kty: 'EC', use: 'sig' });
  expect(JSON.stringify([tool.body, assertion.body])).not.toMatch(/"(d|p|q|dp|dq|qi)"/);
});

test('a new key is published a day before it signs, and the old one stays a week after', async () => {
  const before = await service.request('GET', '/lti/jwks');
  const [old] = before.body.keys;
  const { status, body } = await rotate('tool');
  expect(status).toBe(201);
  const hours = (Date.parse(body.signsFrom) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  const after = await service.request('GET', '/lti/jwks');
  const kids = after.body.keys.map(({ kid }: { kid: string }) => kid);
  expect(kids).toEqual([body.kid, old.kid]);
  const kidNow = async () => {
    const token = await service.get(ToolKeys).sign('tool', {});
    const [head = ''] = token.split('.');
    return JSON.parse(Buffer.from(head, 'base64url').toString('utf8')).kid;
  };
  expect(await kidNow()).toBe(old.kid);
  const again = await rotate('tool');
  expect(again.body.kid).toBe(body.kid);
  const [row] = await service.database.outsideInstitutions((tx) =>
    tx.query<{ gone_at: Date }>('SELECT gone_at FROM tool_key WHERE kid = $1', [old.kid]),
  );
  const days = ((row?.gone_at.getTime() ?? 0) - Date.parse(body.signsFrom)) / 86_400_000;
  expect(days).toBe(7);
});

test('the next key takes its turn when its moment has come', async () => {
  const staged = await rotate('assertion');
  await service.database.outsideInstitutions((tx) =>
    tx.query(`UPDATE tool_key SET signs_from = clock_timestamp() WHERE kid = $1`, [
      staged.body.kid,
    ]),
  );
  // Rotating makes the process read its keys anew; otherwise it does so every minute.
  await rotate('assertion');
  const [head = ''] = (await service.get(ToolKeys).sign('assertion', {})).split('.');
  expect(JSON.parse(Buffer.from(head, 'base64url').toString('utf8')).kid).toBe(staged.body.kid);
});

test('private keys lie in the database sealed', async () => {
  const rows = await service.database.outsideInstitutions((tx) =>
    tx.query<{ sealed_private: Buffer }>('SELECT sealed_private FROM tool_key'),
  );
  for (const { sealed_private: sealed } of rows) {
    expect(sealed.toString('latin1')).not.toMatch(/"(d|kty)"/);
  }
});

test('what is sealed opens with its own secret, label and bytes only', () => {
  const [secret, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const sealed = seal('plain', secret, 'kid-1');
  expect(unseal(sealed, secret, 'kid-1')).toBe('plain');
  expect(seal('plain', secret, 'kid-1').equals(sealed)).toBe(false);
  expect(() => unseal(sealed, other, 'kid-1')).toThrow();
  expect(() => unseal(sealed, secret, 'kid-2')).toThrow();
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  expect(() => unseal(sealed, secret, 'kid-1')).toThrow();
});

test.each([
  ['tool', 400, {}],
  ['tool', 400, { purpose: 'other' }],
])('a rotation of nothing known is refused', async (_name, status, body) => {
  const answer = await service.request('POST', '/lti/key-rotations', { headers: operator, body });
  expect(answer.status).toBe(status);
});
