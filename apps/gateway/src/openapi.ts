import { SERVICES, type Service } from './segments.js';

/** The parts of an OpenAPI 3 document that are merged; the rest is the same for all. */
export interface OpenApiPart {
  paths?: Record<string, Record<string, unknown>>;
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> };
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'options', 'head']);

/** One document of all services. Schemas get their service's name, because two may share theirs. */
export function mergeOpenApi(parts: ReadonlyMap<Service, OpenApiPart>): Record<string, unknown> {
  const missing = SERVICES.filter((service) => !parts.has(service));
  const note = `Not in this document, because not reachable just now: ${missing.join(', ')}.`;
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  for (const [service, part] of parts) {
    const own = withServiceNames(part, service);
    for (const [path, operations] of Object.entries(own.paths ?? {})) {
      paths[path] = tagged(operations, service);
    }
    for (const [name, schema] of Object.entries(own.components?.schemas ?? {})) {
      schemas[`${service}.${name}`] = schema;
    }
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Parlance', version: '1', ...(missing.length > 0 ? { description: note } : {}) },
    servers: [{ url: '/' }],
    tags: SERVICES.filter((service) => parts.has(service)).map((name) => ({ name })),
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function withServiceNames(part: OpenApiPart, service: Service): OpenApiPart {
  const text = JSON.stringify(part);
  const named = text.replaceAll('"#/components/schemas/', `"#/components/schemas/${service}.`);
  return JSON.parse(named) as OpenApiPart;
}

function tagged(operations: Record<string, unknown>, service: Service): Record<string, unknown> {
  const entries = Object.entries(operations).map(([method, operation]) =>
    METHODS.has(method)
      ? [method, { ...(operation as object), tags: [service] }]
      : [method, operation],
  );
  return Object.fromEntries(entries) as Record<string, unknown>;
}
