import type { RunFilter } from '../domain/letter-run.js';
import { html, type Html } from './html.js';

/** A path with those of the parameters that are there. */
export function linkTo(path: string, params: Record<string, string | null | undefined>): string {
  const given = Object.entries(params).filter((pair): pair is [string, string] => !!pair[1]);
  const query = new URLSearchParams(given).toString();
  return query === '' ? path : `${path}?${query}`;
}

export function letterLink(letter: { id: string; queue: string }): Html {
  const path = linkTo(`/dead-letters/letters/${encodeURIComponent(letter.id)}`, {
    queue: letter.queue,
  });
  return html`<a href="${path}"><code>${letter.id}</code></a>`;
}

export function traceLink(traceId: string | null): Html {
  return traceId === null
    ? html`<span class="quiet">no trace</span>`
    : html`<a href="/traces/${traceId}" aria-label="Trace ${traceId}"
        ><code>${traceId.slice(0, 8)}…</code></a
      >`;
}

const FIELDS: [keyof RunFilter, string][] = [
  ['queue', 'queue'],
  ['type', 'type'],
  ['fingerprint', 'fingerprint'],
  ['institutionId', 'institution'],
  ['since', 'since'],
  ['id', 'id'],
];

/** What a filter says, as a list. */
export function filterList(filter: RunFilter): Html {
  return html`<dl>
    ${FIELDS.map(([field, name]) => {
      const value = filter[field];
      return (
        value !== undefined &&
        html`<dt>${name}</dt>
          <dd class="mono">${value}</dd>`
      );
    })}
  </dl>`;
}

/** The filter as fields of a form. */
export function filterFields(filter: RunFilter): Html {
  return html`${FIELDS.map(([field]) => {
    const value = filter[field];
    return value !== undefined && html`<input type="hidden" name="${field}" value="${value}" />`;
  })}`;
}
