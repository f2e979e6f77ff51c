import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { newId } from '@parlance/kernel';
import { echo, readAll, type Stand, startStand } from './stand.js';

const MIB = 1_048_576;

describe('body limits', () => {
  let stand: Stand;
  let arrived = 0;

  beforeAll(async () => {
    stand = await startStand();
    stand.answerWith((request, response) => {
      arrived += 1;
      echo(request, response);
    });
  });
  afterAll(() => stand.stop());

  const post = (path: string, type: string, body: Buffer) =>
    fetch(`${stand.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });

  test('a JSON body of 1 MiB passes, one byte more never reaches a service', async () => {
    const fits = await post('/api/v1/people', 'application/json', Buffer.alloc(MIB));
    expect(((await fits.json()) as { bytes: number }).bytes).toBe(MIB);
    const before = arrived;
    const tooLarge = await post('/api/v1/people', 'application/json', Buffer.alloc(MIB + 1));
    expect(tooLarge.status).toBe(413);
    expect(((await tooLarge.json()) as { code: string }).code).toBe('body-too-large');
    expect(arrived).toBe(before);
  });

  test.each(['responses', 'offline-responses', 'items/3/tries'])(
    'answers may have 4 MiB, at their own address alone: %s',
    async (last) => {
      const path = `/api/v1/attempts/${newId()}/${last}`;
      const put = (to: string, bytes: number) =>
        fetch(`${stand.url}${to}`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: Buffer.alloc(bytes),
        });
      const fits = await put(path, 4 * MIB);
      expect(((await fits.json()) as { bytes: number }).bytes).toBe(4 * MIB);
      const before = arrived;
      for (const [to, bytes] of [
        [path, 4 * MIB + 1],
        [path, 10 * MIB],
        [`${path}/more`, MIB + 1],
        [`/api/v1/attempts?x=${path}`, MIB + 1],
      ] as const) {
        const refused = await put(to, bytes);
        expect(refused.status).toBe(413);
        expect(((await refused.json()) as { code: string }).code).toBe('body-too-large');
      }
      expect(arrived).toBe(before);
    },
  );

  test('a content package may have 20 MiB', async () => {
    const fits = await post('/api/v1/imports', 'application/zip', Buffer.alloc(20 * MIB));
    expect(((await fits.json()) as { bytes: number }).bytes).toBe(20 * MIB);
    const tooLarge = await post('/api/v1/imports', 'application/zip', Buffer.alloc(20 * MIB + 1));
    expect(tooLarge.status).toBe(413);
  });

  test('a table of items may have 5 MiB, however it says what it is', async () => {
    for (const type of ['text/csv', 'Text/CSV; charset=utf-8']) {
      const fits = await post('/api/v1/imports', type, Buffer.alloc(5 * MIB));
      expect(((await fits.json()) as { bytes: number }).bytes).toBe(5 * MIB);
      expect((await post('/api/v1/imports', type, Buffer.alloc(5 * MIB + 1))).status).toBe(413);
    }
  });

  test('a chunked body is counted while it passes', async () => {
    const headers = { 'content-type': 'application/json' };
    const request = httpRequest(`${stand.url}/api/v1/people`, { method: 'POST', headers });
    request.on('error', () => undefined);
    const answered = once(request, 'response');
    for (let sent = 0; sent < 3; sent += 1) request.write(Buffer.alloc(MIB / 2));
    const [answer] = await answered;
    expect(answer.statusCode).toBe(413);
    expect(JSON.parse((await readAll(answer)).toString()).code).toBe('body-too-large');
    request.destroy();
  });

  test('a client that asks first is refused before it sends', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': String(2 * MIB) };
    const request = httpRequest(`${stand.url}/api/v1/people`, {
      method: 'POST',
      headers: { ...headers, expect: '100-continue' },
    });
    let told = false;
    request.on('continue', () => (told = true));
    request.flushHeaders();
    const [answer] = await once(request, 'response');
    expect(answer.statusCode).toBe(413);
    expect(told).toBe(false);
    request.destroy();
  });
});

describe('rate limits', () => {
  test('hold one person back and nobody else, whatever the address', async () => {
    const stand = await startStand({ RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '3' });
    const tokenOf = () => stand.tokens.issue({ institutionId: newId(), roles: ['learner'] });
    const [one, other] = [await tokenOf(), await tokenOf()];
    const call = (token?: string) =>
      fetch(`${stand.url}/api/v1/people/me`, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await call(one)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await call(one);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(((await refused.json()) as { code: string }).code).toBe('rate-limited');
    expect((await call(other)).status).toBe(200);
    expect((await call()).status).toBe(200);
    await stand.stop();
  });

  test('made-up tokens count against the address they come from', async () => {
    const stand = await startStand({ RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: '2' });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) {
      const headers = { authorization: 'Bearer a.b.c' };
      statuses.push((await fetch(`${stand.url}/api/v1/people/me`, { headers })).status);
    }
    expect(statuses).toEqual([401, 401, 429, 429]);
    await stand.stop();
  });

  test('behind our own proxy the client is who the proxy saw', async () => {
    const stand = await startStand({ TRUSTED_PROXY_HOPS: '1', RATE_LIMIT_BURST: '1' });
    const from = async (forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      const answer = await fetch(`${stand.url}/api/v1/sessions`, { headers });
      return (await answer.json()) as { headers: Record<string, string> };
    };
    const { headers } = await from('6.6.6.6, 192.0.2.7');
    expect(headers['x-forwarded-for']).toBe('192.0.2.7');
    await stand.stop();
  });
});
