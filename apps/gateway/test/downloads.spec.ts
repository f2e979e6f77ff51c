import { type Stand, startStand } from './stand.js';

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.stop());

test('the package of an export passes as it is, with what keeps it from caches', async () => {
  const zip = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0xff, 0xfe]);
  const headers = {
    'content-type': 'application/zip',
    'content-disposition': 'attachment; filename="export.zip"',
    'cache-control': 'no-store',
  };
  stand.answerWith((request, response) => {
    expect(request.url).toBe('/api/v1/exports/1/package');
    response.writeHead(200, headers).end(zip);
  });
  const answer = await fetch(`${stand.url}/api/v1/exports/1/package`);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(zip);
  for (const [name, value] of Object.entries(headers)) {
    expect(answer.headers.get(name)).toBe(value);
  }
});
