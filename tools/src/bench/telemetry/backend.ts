import { createServer, type Server } from 'node:http';
import { freePort } from '../../servers/ports.js';

export type BackendMode = 'answers' | 'refuses' | 'hangs';

/**
 * A telemetry backend as the message path meets it. A healthy one takes exports and does nothing
 * with them: what a store does with its share of this machine is another question.
 */
export class Backend {
  private constructor(
    readonly url: string,
    private readonly server: Server | undefined,
  ) {}

  static async start(mode: BackendMode): Promise<Backend> {
    if (mode === 'refuses') return new Backend(`http://127.0.0.1:${await freePort()}`, undefined);
    const server = createServer((request, response) => {
      request.resume();
      if (mode === 'hangs') return;
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new Backend(`http://127.0.0.1:${port}`, server);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => {
      if (this.server === undefined) resolve();
      else this.server.close(() => resolve());
    });
  }
}
