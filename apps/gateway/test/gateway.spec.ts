import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { newId } from '@parlance/kernel';
import { closeServer, readAll, type Stand, startStand } from './stand.js';

const REQUEST_ID = /^[0-9a-f]{32}$/;

describe('the gateway', () => {
  let stand: Stand;
  let token: string;

  beforeAll(async () => {
    stand = await startStand({ WEB_ORIGINS: 'https://app.example.org' });
    token = await stand.tokens.issue({ institutionId: newId(), roles: ['learner'] });
  });
  afterAll(() => stand.stop());

  const call = (path: string, init: RequestInit = {}) => fetch(`${stand.url}${path}`, init);
  const signedIn = (headers: Record<string, string> = {}) => ({
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const fetchJson = async (path: string, init: RequestInit = {}) => {
    const answer = await call(path, init);
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests assert the shape
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
  };

  test('passes method, path, query, body and the headers that matter', async () => {
    const { body } = await fetchJson('/api/v1/attempts/1/responses?a=b%20c', {
      method: 'PUT',
      body: '{"x":1}',
      ...signedIn({ 'content-type': 'application/json', 'if-match': '"3"' }),
    });
    expect(body).toMatchObject({
      method: 'PUT',
      url: '/api/v1/attempts/1/responses?a=b%20c',
      bytes: 7,
    });
    expect(body.headers).toMatchObject({
      'content-type': 'application/json',
      'if-match': '"3"',
      authorization: `Bearer ${token}`,
    });
  });

  test('believes nothing a client says of traces, requests and addresses', async () => {
    const { headers, body } = await fetchJson(
      '/api/v1/people/me',
      signedIn({
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        'x-request-id': 'mine',
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'evil.example',
        forwarded: 'for=6.6.6.6',
        'x-secret': 'no',
      }),
    );
    const requestId = headers.get('x-request-id') ?? '';
    expect(requestId).toMatch(REQUEST_ID);
    expect(requestId).not.toBe('a'.repeat(32));
    expect(body.headers.traceparent.split('-')[1]).toBe(requestId);
    expect(body.headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(body.headers['x-forwarded-host']).toBe(new URL(stand.url).host);
    for (const name of ['x-request-id', 'forwarded', 'x-secret']) {
      expect(body.headers).not.toHaveProperty(name);
    }
  });

  test('sends a resource to the service that owns it', async () => {
    const owners = {
      classes: 'identity',
      items: 'content',
      'exports/1/package': 'content',
      scores: 'grading',
      lti: 'lti',
    } as const;
    for (const [segment, service] of Object.entries(owners)) {
      const arrived = once(stand.upstreams[service], 'request');
      await fetchJson(`/api/v1/${segment}`);
      const [request] = await arrived;
      expect(request.url).toBe(`/api/v1/${segment}`);
    }
  });

  test.each([
    '/api/v1/nothing',
    '/api/v1/',
    '/',
    '/internal/traces/1',
    '/api/v1/lti/%2e%2e/%2E%2E/internal/traces',
    '/api/v1/lti/..%5cinternal',
  ])('%s is nowhere', async (path) => {
    const { status, body } = await fetchJson(path);
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'route-not-found',
      requestId: expect.stringMatching(REQUEST_ID),
    });
  });

  test('steps upwards in the raw path are refused', async () => {
    const request = httpRequest(stand.url, {
      path: '/api/v1/lti/../../../internal/traces/1',
    }).end();
    const [answer] = await once(request, 'response');
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse((await readAll(answer)).toString()).code).toBe('route-not-found');
  });

  test('turns a bad token away itself, with the request id', async () => {
    const expired = await stand.tokens.issue({
      institutionId: newId(),
      roles: ['admin'],
      expiresInSeconds: -60,
    });
    const foreign = await stand.tokens.issue({
      institutionId: newId(),
      roles: ['admin'],
      claims: { aud: 'another' },
    });
    const codes: string[] = [];
    for (const authorization of [
      `Bearer ${expired}`,
      `Bearer ${foreign}`,
      'Bearer x',
      'Basic eDp5',
    ]) {
      const answer = await fetchJson('/api/v1/people/me', { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
      codes.push(answer.body.code);
    }
    expect(codes).toEqual(['token-expired', 'invalid-token', 'token-required', 'token-required']);
  });

  test('answers keep their status, headers and cookies, and lose hop-by-hop ones', async () => {
    stand.answerWith((_request, response) => {
      response.writeHead(412, {
        etag: '"7"',
        'set-cookie': ['a=1', 'b=2'],
        connection: 'keep-alive, x-private',
        'x-private': 'hop',
        'x-powered-by': 'service',
        'x-request-id': 'of-the-service',
      });
      response.end('no');
    });
    const answer = await call('/api/v1/scores/1', signedIn());
    expect(answer.status).toBe(412);
    expect(answer.headers.get('etag')).toBe('"7"');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('x-private')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('x-request-id')).toMatch(REQUEST_ID);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('leaves framing of launch pages to lti', async () => {
    const policy = 'frame-ancestors https://lms.example';
    stand.answerWith((_request, response) =>
      response.writeHead(200, { 'content-security-policy': policy }).end('page'),
    );
    const answer = await call('/api/v1/lti/launch', { method: 'POST' });
    expect(answer.headers.get('content-security-policy')).toBe(policy);
    expect(answer.headers.get('x-frame-options')).toBeNull();
  });

  test('streams an answer as it comes', async () => {
    let finish = () => undefined as void;
    stand.answerWith((_request, response) => {
      response.write('first');
      finish = () => void response.end('last');
    });
    const answer = await call('/api/v1/items', signedIn());
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('first');
    finish();
    const last = await reader?.read();
    expect(Buffer.from(last?.value ?? []).toString()).toBe('last');
  });

  test('an answer that breaks off is broken off, not passed as whole', async () => {
    stand.answerWith((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('part', () => response.destroy());
    });
    const answer = await call('/api/v1/items', signedIn());
    await expect(answer.text()).rejects.toThrow();
  });

  test('lets pages of listed origins in, and no others', async () => {
    const ask = (origin: string) =>
      call('/api/v1/people/me', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PATCH' },
      });
    const ours = await ask('https://app.example.org');
    expect(ours.status).toBe(204);
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(ours.headers.get('access-control-allow-headers')).toContain('if-match');
    const theirs = await ask('https://evil.example');
    expect(theirs.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what the gateway does when something is wrong', () => {
  test('a service that is away is 503 with Retry-After; the others go on', async () => {
    const stand = await startStand();
    await closeServer(stand.upstreams.grading);
    const away = await fetch(`${stand.url}/api/v1/scores/1`);
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('2');
    expect(((await away.json()) as { code: string }).code).toBe('service-unavailable');
    expect((await fetch(`${stand.url}/api/v1/items`)).status).toBe(200);
    const health = await fetch(`${stand.url}/ready`);
    expect(health.status).toBe(200);
    expect(((await health.json()) as { checks: object }).checks).toMatchObject({
      content: 'ok',
      grading: 'not reachable',
    });
    await stand.stop();
  });

  test('a service that does not answer in time is 504', async () => {
    const stand = await startStand({ UPSTREAM_TIMEOUT_SECONDS: '1' });
    stand.answerWith(() => undefined);
    const answer = await fetch(`${stand.url}/api/v1/items`);
    expect(answer.status).toBe(504);
    expect(((await answer.json()) as { code: string }).code).toBe('service-timeout');
    await stand.stop();
  });

  test('a read on a connection the service has just closed is sent again', async () => {
    const stand = await startStand();
    let requests = 0;
    stand.answerWith((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.resetAndDestroy();
      else response.end('{}');
    });
    expect((await fetch(`${stand.url}/api/v1/items`)).status).toBe(200);
    expect((await fetch(`${stand.url}/api/v1/items`)).status).toBe(200);
    expect(requests).toBe(3);
    requests = 1;
    const write = await fetch(`${stand.url}/api/v1/items`, { method: 'POST', body: '{}' });
    expect(write.status).toBe(503);
    await stand.stop();
  });

  test('a client that goes away ends the work of the service', async () => {
    const stand = await startStand();
    let closed: Promise<unknown> = Promise.resolve();
    const arrived = new Promise<void>((resolve) => {
      stand.answerWith((_request, response) => {
        closed = once(response, 'close');
        resolve();
      });
    });
    const leave = new AbortController();
    const gone = fetch(`${stand.url}/api/v1/items`, { signal: leave.signal }).catch(() => 'gone');
    await arrived;
    leave.abort();
    expect(await gone).toBe('gone');
    await closed;
    await stand.stop();
  });

  test('while draining it says so and finishes what it has', async () => {
    const stand = await startStand();
    let finish = () => undefined as void;
    const arrived = new Promise<void>((resolve) => {
      stand.answerWith((_request, response) => {
        finish = () => void response.end('done');
        resolve();
      });
    });
    const answer = fetch(`${stand.url}/api/v1/items`);
    await arrived;
    stand.gateway.startDraining();
    const closing = stand.gateway.close();
    finish();
    expect(await (await answer).text()).toBe('done');
    await closing;
    await Promise.all(Object.values(stand.upstreams).map(closeServer));
    await stand.tokens.stop();
  });
});
