import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  OutboundClient,
  OutboundFailed,
  OutboundRefused,
  type Resolve,
} from './outbound-client.js';

const open: { close(): void }[] = [];

afterAll(() => {
  for (const server of open) server.close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener);
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serveBytes(bytes: string): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(bytes);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_hostname, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

function client(options: Partial<ConstructorParameters<typeof OutboundClient>[0]> = {}) {
  return new OutboundClient({ userAgent: 'Test/1', allowPrivateHosts: true, ...options });
}

const dev = { purpose: 'test', allowPrivateHosts: true };

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('It went through.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof OutboundRefused) return error.reason;
  if (error instanceof OutboundFailed) return error.code;
  return String(error);
}

describe('what is never called', () => {
  test.each([
    ['file:///etc/passwd', 'scheme'],
    ['gopher://8.8.8.8/', 'scheme'],
    ['ftp://8.8.8.8/', 'scheme'],
    ['data:text/plain,x', 'scheme'],
    ['http://8.8.8.8/', 'scheme'],
    ['https://user:secret@8.8.8.8/', 'userinfo'],
    ['no url', 'malformed-url'],
    ['https://127.0.0.1/', 'address'],
    ['https://0x7f.1/', 'address'],
    ['https://2130706433/', 'address'],
    ['https://0177.0.0.1/', 'address'],
    ['https://127.1/', 'address'],
    ['https://①②⑦.0.0.1/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://[::ffff:127.0.0.1]/', 'address'],
    ['https://[::ffff:a9fe:a9fe]/latest/meta-data', 'address'],
    ['https://169.254.169.254/latest/meta-data', 'address'],
    ['https://10.0.0.1/', 'address'],
  ])('%s is refused: %s', async (url, reason) => {
    expect(await reasonOf(client().request({ url, purpose: 'test' }))).toBe(reason);
  });

  test('a name that resolves to a private address is refused', async () => {
    const guarded = client({ resolve: resolvesTo('10.0.0.7') });
    const url = 'https://internal.example/';
    expect(await reasonOf(guarded.request({ url, purpose: 'test' }))).toBe('address');
  });

  test('a name with one forbidden address among public ones is refused', async () => {
    const guarded = client({ resolve: resolvesTo('8.8.8.8', '169.254.169.254') });
    const url = 'https://mixed.example/';
    expect(await reasonOf(guarded.request({ url, purpose: 'test' }))).toBe('address');
  });

  test('metadata is refused even with the exception for development', async () => {
    const guarded = client({ resolve: resolvesTo('169.254.169.254') });
    expect(await reasonOf(guarded.request({ ...dev, url: 'http://meta.example/' }))).toBe(
      'address',
    );
  });

  test('the exception needs the process and the registration to agree', async () => {
    const port = await serve((_request, response) => response.end('in'));
    const url = `http://127.0.0.1:${port}/`;
    const strict = client({ allowPrivateHosts: false });
    expect(await reasonOf(strict.request({ ...dev, url }))).toBe('scheme');
    expect(await reasonOf(client().request({ url, purpose: 'test' }))).toBe('scheme');
    expect((await client().request({ ...dev, url })).body).toBe('in');
  });
});

describe('a call', () => {
  test('goes to the address that was checked, resolved once', async () => {
    const port = await serve((request, response) => response.end(request.headers.host));
    let times = 0;
    const rebinding: Resolve = (_hostname, done) => {
      times += 1;
      done(null, [{ address: times === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    };
    const guarded = client({ resolve: rebinding });
    const answer = await guarded.request({ ...dev, url: `http://lms.example:${port}/` });
    expect(answer.body).toBe(`lms.example:${port}`);
    expect(times).toBe(1);
  });

  test('follows no redirect', async () => {
    let visits = 0;
    const port = await serve((_request, response) => {
      visits += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await client().request({ ...dev, url: `http://127.0.0.1:${port}/` });
    expect([answer.status, visits]).toEqual([302, 1]);
  });

  test('says who we are and sends the body as it is', async () => {
    const port = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.end(`${request.method} ${request.headers['user-agent']} ${Buffer.concat(chunks)}`);
      });
    });
    const url = `http://127.0.0.1:${port}/`;
    const answer = await client().request({ ...dev, url, method: 'POST', body: '{"é":1}' });
    expect(answer.body).toBe('POST Test/1 {"é":1}');
  });

  test('gives up on a body that is too large', async () => {
    const port = await serve((_request, response) => response.end('x'.repeat(5000)));
    const url = `http://127.0.0.1:${port}/`;
    const code = await reasonOf(client().request({ ...dev, url, maxBodyBytes: 1000 }));
    expect(code).toBe('body-too-large');
  });

  test('gives up on silence', async () => {
    const port = await serve(() => undefined);
    const url = `http://127.0.0.1:${port}/`;
    expect(await reasonOf(client().request({ ...dev, url, timeoutMs: 100 }))).toBe('timeout');
  });

  test('gives up on a body that drips for ever', async () => {
    const port = await serve((_request, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const url = `http://127.0.0.1:${port}/`;
    expect(await reasonOf(client().request({ ...dev, url, timeoutMs: 200 }))).toBe('timeout');
  });

  test('tells malformed HTTP by its code', async () => {
    const port = await serveBytes('HTTP/1.0 0 \r\n\r\n[]');
    const url = `http://127.0.0.1:${port}/`;
    expect(await reasonOf(client().request({ ...dev, url }))).toMatch(/^HPE_/);
  });

  test('tells a broken connection', async () => {
    const port = await serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort');
    const url = `http://127.0.0.1:${port}/`;
    expect(await reasonOf(client().request({ ...dev, url }))).toBe('ECONNRESET');
  });

  test('does not unpack', async () => {
    const port = await serve((request, response) => {
      response.end(String(request.headers['accept-encoding']));
    });
    const answer = await client().request({ ...dev, url: `http://127.0.0.1:${port}/` });
    expect(answer.body).toBe('identity');
  });
});
