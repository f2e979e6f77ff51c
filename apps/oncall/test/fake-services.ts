import { createServer, type Server } from 'node:http';

interface Asked {
  path: string;
  authorization: string | undefined;
}

/** An answer that depends on the body of the request. */
export type Answering = (body: Record<string, unknown>) => unknown;

/** The other services as on-call meets them: HTTP servers with answers of the test's choice. */
export class FakeService {
  private constructor(
    private readonly server: Server,
    readonly url: string,
    readonly asked: readonly Asked[],
  ) {}

  /**
   * `answers` by path without a leading slash, as they are or made from what was sent; what it
   * does not name is 404.
   */
  static async start(answers: Record<string, unknown>): Promise<FakeService> {
    const asked: Asked[] = [];
    const server = createServer(async (request, response) => {
      const path = (request.url ?? '').slice(1);
      asked.push({ path, authorization: request.headers.authorization });
      const answer = answers[path];
      let sent = '';
      for await (const part of request) sent += String(part);
      const isMade = typeof answer === 'function';
      const body = isMade ? (answer as Answering)(JSON.parse(sent || '{}')) : answer;
      if (body === 'silence') return;
      response.statusCode = body === undefined ? 404 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new FakeService(server, `http://127.0.0.1:${port}`, asked);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export const nothing = { outbox: [], inbox: [], records: [] };
