import { closeServer, type Stand, startStand } from './stand.js';

describe('the documentation', () => {
  let stand: Stand;

  beforeAll(async () => {
    stand = await startStand();
    stand.answerWith((request, response) => {
      const service = Object.entries(stand.upstreams).find(
        ([, server]) => server.address() && request.socket.localPort === portOf(server),
      )?.[0];
      const schema = { $ref: '#/components/schemas/Thing' };
      const get = { responses: { 200: { content: { 'application/json': { schema } } } } };
      response.end(
        JSON.stringify({
          paths: { [`/api/v1/${service}`]: { get } },
          components: { schemas: { Thing: { title: service } } },
        }),
      );
    });
    await closeServer(stand.upstreams.lti);
  });
  afterAll(() => stand.stop());

  function portOf(server: Stand['upstreams']['lti']): number {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  test('is one document of all services, says who is missing and mixes up no schemas', async () => {
    const answer = await fetch(`${stand.url}/api/openapi.json`);
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests assert the shape
    const document = (await answer.json()) as any;
    expect(document.info.description).toContain('lti');
    expect(document.info.description).not.toContain('grading');
    const operation = document.paths['/api/v1/grading'].get;
    expect(operation.tags).toEqual(['grading']);
    expect(operation.responses[200].content['application/json'].schema.$ref).toBe(
      '#/components/schemas/grading.Thing',
    );
    expect(document.components.schemas['grading.Thing'].title).toBe('grading');
    expect(document.components.schemas['content.Thing'].title).toBe('content');
  });

  test('has a page that loads nothing from elsewhere', async () => {
    const page = await fetch(`${stand.url}/api/docs`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const asset = await fetch(`${stand.url}${link}`);
      expect(asset.status).toBe(200);
      expect((await asset.text()).length).toBeGreaterThan(50);
    }
    const other = await fetch(`${stand.url}/api/docs/package.json`);
    expect(other.status).toBe(404);
  });
});
