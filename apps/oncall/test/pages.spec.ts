import { newId } from '@parlance/kernel';
import {
  startTestService,
  TEST_OPERATOR_SECRET,
  type TestService,
} from '@parlance/platform/testing';
import { Intake } from '../src/intake.js';
import { oncall } from '../src/oncall.module.js';
import { logExport, spanExport, spanId, traceId } from './exports.js';
import { FakeService } from './fake-services.js';
import { send } from './sender.js';

const HOSTILE = '<script>alert(1)</script>" onload="x';
const T = traceId();
let service: TestService;
let grading: FakeService;
let cookie: string;

beforeAll(async () => {
  grading = await FakeService.start({
    [`internal/traces/${T}`]: {
      outbox: [],
      inbox: [],
      records: [{ noun: HOSTILE, rows: [{ id: newId(), [HOSTILE]: HOSTILE }] }],
    },
  });
  service = await startTestService(oncall, { env: { GRADING_URL: grading.url } });
  const own = spanId();
  const attributes = { 'app.note': HOSTILE };
  const span = { traceId: T, spanId: own, name: HOSTILE, status: 2, attributes, durationMs: 250 };
  await send(service, '/v1/traces', spanExport(HOSTILE, [span]));
  await send(
    service,
    '/v1/traces',
    spanExport('grading', [{ traceId: traceId(), name: 'GET /x' }]),
  );
  const line = { traceId: T, spanId: own, message: HOSTILE, level: 'error' };
  await send(service, '/v1/logs', logExport('grading', [line]));
  await service.get(Intake).settled();
  cookie = await signIn();
});

afterAll(async () => {
  await service.stop();
  await grading.stop();
});

function visit(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${service.port}${path}`, { headers, redirect: 'manual' });
}

function post(path: string, form: Record<string, string>, headers = {}): Promise<Response> {
  const body = new URLSearchParams(form);
  const url = `http://127.0.0.1:${service.port}${path}`;
  return fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
}

async function signIn(): Promise<string> {
  const answer = await post('/sign-in', { secret: TEST_OPERATOR_SECRET, to: '/' });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('signing in', () => {
  it('is asked of everybody, on every page', async () => {
    for (const path of ['/', `/traces/${T}`]) {
      const answer = await visit(path);
      expect(answer.status).toBe(401);
      const text = await answer.text();
      expect(text).toContain('name="secret"');
      expect(text).not.toContain('250 ms');
    }
  });

  it('gives a session cookie that scripts and other sites cannot use', async () => {
    const answer = await post('/sign-in', { secret: TEST_OPERATOR_SECRET, to: `/traces/${T}` });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`/traces/${T}`);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^oncall_session=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=28800$/,
    );
    expect(answer.headers.get('set-cookie')).not.toContain(TEST_OPERATOR_SECRET);
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/traces/../x'])(
    'never leads away from here (%s)',
    async (to) => {
      const answer = await post('/sign-in', { secret: TEST_OPERATOR_SECRET, to });
      expect(answer.headers.get('location')).toBe('/');
    },
  );

  it('ends the session when signing out, also for a copy of the cookie', async () => {
    const own = await signIn();
    expect((await visit('/', { cookie: own })).status).toBe(200);
    const answer = await post('/sign-out', {}, { cookie: own });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await visit('/', { cookie: own })).status).toBe(401);
  });

  it('does not believe a cookie that was changed', async () => {
    const [content = '', ...rest] = cookie.split('.');
    const later = `${content.replace(/\d{10}$/, '9999999999')}.${rest.join('.')}`;
    for (const forged of [
      later,
      `${cookie}x`,
      'oncall_session=',
      `oncall_session=${'a'.repeat(70)}`,
    ]) {
      expect((await visit('/', { cookie: forged })).status).toBe(401);
    }
  });
});

describe('the pages', () => {
  it('escape whatever came from outside', async () => {
    for (const path of ['/', `/traces/${T}`]) {
      const answer = await visit(path, { cookie });
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).toContain('&lt;script&gt;');
      expect(text).not.toContain('<script');
      expect(text).not.toContain('" onload');
    }
  });

  it('allow no script, no frame and no foreign resource', async () => {
    const answer = await visit(`/traces/${T}`, { cookie });
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /style-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const text = await answer.text();
    expect(text).toContain(`<style nonce="${nonce}">`);
    expect(text).not.toMatch(/\s(src|style|on\w+)="|https?:\/\//);
    const again = await visit(`/traces/${T}`, { cookie });
    expect(again.headers.get('content-security-policy')).not.toBe(policy);
  });

  it('have a language, landmarks, one first heading and labels', async () => {
    for (const path of ['/', `/traces/${T}`]) {
      const text = await (await visit(path, { cookie })).text();
      expect(text).toContain('<html lang="en">');
      expect(text.match(/<h1>/g)).toHaveLength(1);
      expect(text).toMatch(/<header>[^]*<main id="main">[^]*<footer>/);
      expect(text).toContain('<label for="id"');
      for (const [, attributes] of text.matchAll(/<th( [^>]*)?>/g)) {
        expect(attributes).toContain('scope="col"');
      }
    }
  });

  it('list traces by service and by error', async () => {
    const errors = await (await visit('/?errors=1', { cookie })).text();
    expect(errors).toContain(T);
    expect(errors).not.toContain('GET /x');
    const own = await (await visit('/?service=grading&sort=slowest', { cookie })).text();
    expect(own).toContain('GET /x');
    expect(own).not.toContain(`/traces/${T}`);
    const odd = await visit(`/?service=${encodeURIComponent(HOSTILE)}&minutes=x`, { cookie });
    expect(odd.status).toBe(200);
  });

  it('find by id, and say what is no id', async () => {
    const found = await visit(`/?id=%20${T.toUpperCase()}%20`, { cookie });
    expect(found.status).toBe(303);
    expect(found.headers.get('location')).toBe(`/traces/${T}`);
    const odd = await visit(`/?id=${encodeURIComponent(HOSTILE)}`, { cookie });
    expect(odd.status).toBe(400);
    expect(await odd.text()).not.toContain('<script');
    expect((await visit(`/traces/${traceId()}`, { cookie })).status).toBe(404);
    expect((await visit('/traces/x', { cookie })).status).toBe(400);
  });

  it('count dead letters, or say that the queues are not there', async () => {
    const headers = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
    const { status, body } = await service.request('GET', '/dead-letters', { headers });
    expect(status).toBe(200);
    expect(body.total).toBe(0);
    const names = body.queues.map((queue: { name: string }) => queue.name);
    expect(names).toContainEqual(expect.stringMatching(/-grading-from-assignments-dlq$/));
    expect(names).toContainEqual(expect.stringMatching(/-grading-from-assignments-undelivered$/));
    // This installation has made no queues: that is told, not counted as none.
    expect(body.queues[0].depth).toBeNull();
    expect(await (await visit('/', { cookie })).text()).toContain('no such queue');
  });
});

// Last, for it locks this address out.
it('too many wrong secrets are refused for a while, and sessions go on', async () => {
  for (let failure = 1; failure <= 10; failure += 1) {
    const answer = await post('/sign-in', { secret: 'wrong', to: '/' });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('role="alert"');
  }
  const refused = await post('/sign-in', { secret: TEST_OPERATOR_SECRET, to: '/' });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await visit('/', { cookie })).status).toBe(200);
});
