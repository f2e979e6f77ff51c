/**
 * The `rel=next` URL of Link headers as platforms really write them: straight, curly or no quotes,
 * curly ones also as the mojibake of UTF-8 read as Latin-1, `&amp;` for `&`, several relations.
 */
export function nextPageUrl(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  for (const [, url = '', parameters = ''] of text.matchAll(/<([^>]*)>([^<]*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:["“”]|â\x80[\x9c\x9d])?([\w -]+)/i.exec(parameters)?.[1] ?? '';
    if (rel.toLowerCase().split(/\s+/).includes('next')) return url.replaceAll('&amp;', '&');
  }
  return undefined;
}
