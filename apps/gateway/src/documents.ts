import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { SECURITY } from './headers.js';
import { mergeOpenApi, type OpenApiPart } from './openapi.js';
import { SERVICES, type Service } from './segments.js';

const COMPLETE_MS = 60_000;
const PARTIAL_MS = 3_000;
const PATIENCE_MS = 2_000;

/** Swagger UI comes with @nestjs/swagger; nothing is loaded from elsewhere. */
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Parlance API</title>
  <link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="/api/docs/swagger-ui-bundle.js"></script>
  <script src="/api/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
});
`;

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** The API's documentation: one OpenAPI document of all services, and a page to read it. */
export class Documents {
  private cached: { text: string; untilMs: number } | undefined;

  constructor(private readonly services: Record<Service, URL>) {}

  /** False when the path is none of the documentation's. */
  async answer(path: string, response: ServerResponse): Promise<boolean> {
    if (path === '/api/openapi.json') send(response, 'application/json', await this.openApi());
    else if (path === '/api/docs' || path === '/api/docs/') {
      send(response, 'text/html; charset=utf-8', PAGE);
    } else if (path === '/api/docs/start.js') {
      send(response, 'text/javascript; charset=utf-8', START);
    } else {
      const asset = path.slice('/api/docs/'.length);
      const type = path.startsWith('/api/docs/') ? ASSETS[asset] : undefined;
      if (type === undefined) return false;
      send(response, type, await readFile(join(swaggerUiFolder(), asset)));
    }
    return true;
  }

  private async openApi(): Promise<string> {
    const now = performance.now();
    if (this.cached !== undefined && this.cached.untilMs > now) return this.cached.text;
    const found = await Promise.all(
      SERVICES.map(async (service) => [service, await this.fetchPart(service)] as const),
    );
    const parts = new Map(found.flatMap(([service, part]) => (part ? [[service, part]] : [])));
    const lifeMs = parts.size === SERVICES.length ? COMPLETE_MS : PARTIAL_MS;
    this.cached = { text: JSON.stringify(mergeOpenApi(parts)), untilMs: now + lifeMs };
    return this.cached.text;
  }

  private async fetchPart(service: Service): Promise<OpenApiPart | undefined> {
    try {
      const answer = await fetch(new URL('/openapi.json', this.services[service]), {
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return answer.ok ? ((await answer.json()) as OpenApiPart) : undefined;
    } catch {
      // The document says which service is missing.
      return undefined;
    }
  }
}

function swaggerUiFolder(): string {
  const nestSwagger = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return dirname(createRequire(nestSwagger).resolve('swagger-ui-dist/package.json'));
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  const headers = {
    ...SECURITY,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': POLICY,
    'cache-control': 'public, max-age=60',
  };
  response.writeHead(200, headers).end(body);
}
