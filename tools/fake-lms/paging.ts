import type { Dialect } from './dialect.js';
import type { Incoming } from './http-door.js';

/** Cuts one page by `limit` and `from`, and names the next one in a Link header (RFC 8288). */
export function pageOf<Item>(
  items: readonly Item[],
  incoming: Incoming,
  origin: string,
  dialect: Dialect,
): { page: Item[]; headers: Record<string, string> } {
  const query = incoming.url.searchParams;
  const from = Number(query.get('from') ?? 0);
  const end = from + (query.has('limit') ? Number(query.get('limit')) : items.length);
  const page = items.slice(from, end);
  if (end >= items.length) return { page, headers: {} };
  const next = new URL(incoming.url.pathname + incoming.url.search, origin);
  next.searchParams.set('from', String(end));
  return { page, headers: { link: linkHeader(next.href, dialect) } };
}

function linkHeader(href: string, dialect: Dialect): string {
  if (!dialect.brokenPaging) return `<${href}>; rel="next"`;
  // Header bytes are Latin-1 to Node, so the curly quotes travel as their UTF-8 bytes.
  const value = `<${href.replaceAll('&', '&amp;')}>; rel=\u201cnext\u201d`;
  return Buffer.from(value, 'utf8').toString('latin1');
}
