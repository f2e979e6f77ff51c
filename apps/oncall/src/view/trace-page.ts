import type { Delivery, Hop, RecordRows, TraceView } from '../domain/trace-view.js';
import { html, type Html } from './html.js';
import { document, duration, instant } from './layout.js';
import { waterfall } from './waterfall.js';

export function tracePage(view: TraceView) {
  return document({
    title: `Trace ${view.id}`,
    signedIn: true,
    searched: view.id,
    main: html`<h1>Trace <code>${view.id}</code></h1>
      <p>
        Began ${instant(view.startedAt)}, took ${duration(view.durationMs)}, ${view.spans.length}
        spans, ${view.logs.length} log lines.
        ${
          view.traceIds.length > 1 &&
          html`${view.traceIds.length} requests touched it: ${view.traceIds.map(traceLink)}.`
        }
      </p>
      ${notices(view)}
      <h2 id="way">The way</h2>
      ${waterfall(view)}
      <h2 id="hops">Events</h2>
      ${hopTable(view.hops)}
      <h2 id="rows">Rows that came of it</h2>
      ${
        view.records.length === 0
          ? html`<p class="quiet">None is known.</p>`
          : view.records.map(recordTable)
      }
      <h2>Who was asked</h2>
      <ul class="services">
        ${view.services.map(
          ({ service, status }) =>
            html`<li>
              ${service}:
              <span class="${status === 'answered' ? 'good' : 'bad'}"
                >${status.replace('-', ' ')}</span
              >
            </li>`,
        )}
      </ul>`,
  });
}

function traceLink(traceId: string): Html {
  return html` <a href="/traces/${traceId}"><code>${traceId.slice(0, 8)}…</code></a>`;
}

function notices(view: TraceView): Html {
  const away = view.services.filter(({ status }) => status !== 'answered');
  return html`${
    away.length > 0 &&
    html`<p class="notice bad" role="alert">
      Not everything may be here: ${away.map(({ service }) => service).join(', ')} could not be
      asked.
    </p>`
  }
  ${view.truncated && html`<p class="notice">There is more than this page shows.</p>`}
  ${
    view.spans.length === 0 &&
    html`<p class="notice">
      No spans are here: they arrive some seconds late and are kept for some days. The rows below
      come from the services' own databases.
    </p>`
  }`;
}

function hopTable(hops: readonly Hop[]): Html {
  if (hops.length === 0) return html`<p class="quiet">No event came of it, as far as is known.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="hops">
    <table>
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">From</th>
          <th scope="col">Written</th>
          <th scope="col">Published</th>
          <th scope="col">Taken by</th>
        </tr>
      </thead>
      <tbody>
        ${hops.map(
          (hop) =>
            html`<tr>
              <td>${hop.type}<br /><code class="quiet">${hop.eventId}</code></td>
              <td>${hop.from}</td>
              <td>${instant(hop.createdAt)}</td>
              <td>${publication(hop)}</td>
              <td>${hop.deliveries.length === 0 ? 'nobody yet' : hop.deliveries.map(delivery)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function publication(hop: Hop): Html {
  if (hop.failedAt !== null) return html`<span class="bad">refused by SNS</span>`;
  if (hop.lagMs === null) {
    return hop.deliveries.length > 0
      ? html`when is not known`
      : html`<span class="bad">not yet</span>`;
  }
  return html`after ${duration(hop.lagMs)}`;
}

function delivery({ service, outcome, receiveCount, durationMs }: Delivery): Html {
  const isFine = outcome === 'applied' || outcome === 'duplicate';
  return html`<div>
    ${service}:
    <span class="${isFine ? 'good' : 'bad'}">${outcome}</span
    >${receiveCount > 1 && `, receive ${receiveCount}`}${
      durationMs !== null && `, ${duration(durationMs)}`
    }
  </div>`;
}

function recordTable({ service, noun, rows }: RecordRows): Html {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const title = `${service}: ${noun}`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => html`<td class="mono">${shown(row[column])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
