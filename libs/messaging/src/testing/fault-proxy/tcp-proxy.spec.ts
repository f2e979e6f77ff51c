import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startTcpProxy({ upstreamPort: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.stop();
  await new Promise((resolve) => echo.close(resolve));
});

async function dial(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function say(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [heard] = (await once(socket, 'data')) as [Buffer];
  return heard.toString();
}

test('bytes pass both ways, late when told so, and the end passes too', async () => {
  const socket = await dial();
  expect(await say(socket, 'hello')).toBe('hello');
  proxy.delay(40);
  const began = performance.now();
  expect(await say(socket, 'later')).toBe('later');
  expect(performance.now() - began).toBeGreaterThan(75);
  socket.end();
  await once(socket, 'close');
  expect(proxy.stats()).toEqual({ open: 0, refused: 0 });
});

test('a cut resets what is open and what comes, until it is over', async () => {
  const socket = await dial();
  await say(socket, 'hello');
  const broken = once(socket, 'error');
  proxy.cut(true);
  expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
  const turnedAway = connect(proxy.port, '127.0.0.1');
  await once(turnedAway, 'error');
  expect(proxy.stats()).toEqual({ open: 0, refused: 1 });
  proxy.cut(false);
  const again = await dial();
  expect(await say(again, 'back')).toBe('back');
  again.destroy();
});
