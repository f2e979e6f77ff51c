import { createServer } from 'node:http';
import { fetchTrace, TraceUnavailable } from './fetch-trace.js';

interface Asked {
  url: string | undefined;
  authorization: string | undefined;
}

/** On-call as it answers: one status and body for everything. */
async function withOncall<T>(
  status: number,
  body: unknown,
  work: (url: string, asked: Asked[]) => Promise<T>,
): Promise<T> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    return await work(`http://127.0.0.1:${port}`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const faultOf = (status: number, body: unknown) =>
  withOncall(status, body, (url) =>
    fetchTrace(url, 'secret', 'x').then(
      () => undefined,
      (error: unknown) => error as TraceUnavailable,
    ),
  );

describe('asking on-call', () => {
  it('sends the secret and the id as they are', async () => {
    const [view, asked] = await withOncall(200, { spans: [] }, async (url, asked) => [
      await fetchTrace(`${url}/`, 'secret', 'a/../b'),
      asked,
    ]);
    expect(view).toEqual({ spans: [] });
    expect(asked).toEqual([{ url: '/api/v1/traces/a%2F..%2Fb', authorization: 'Operator secret' }]);
  });

  it.each([
    [404, { detail: 'Nothing is known of x.' }, 'unknown', 'Nothing is known of x.'],
    [400, { detail: 'Not an id.' }, 'refused', 'Not an id.'],
    [401, {}, 'refused', 'another operator secret'],
    [503, { detail: 'Not now.' }, 'away', 'Not now.'],
    [200, '<html>', 'away', 'does not answer'],
    [200, {}, 'away', 'answered 200'],
  ])('tells what an answer of %i %j means', async (status, body, fault, message) => {
    const error = await faultOf(status, body);
    expect(error).toBeInstanceOf(TraceUnavailable);
    expect(error?.fault).toBe(fault);
    expect(error?.message).toContain(message);
  });

  it('says when nobody listens', async () => {
    const url = await withOncall(200, {}, async (address) => address);
    await expect(fetchTrace(url, 's', 'x')).rejects.toMatchObject({ fault: 'away' });
  });
});
