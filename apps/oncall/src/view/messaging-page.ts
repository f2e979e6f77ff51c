import type { MessagingView, QueueRow, ServiceRow } from '../domain/messaging-view.js';
import type { MetricsStats } from '../metrics.js';
import { html, type Html } from './html.js';
import { document, duration, instant } from './layout.js';

/** Above it an event is late: the objective is 30 s from a submission to the gradebook. */
const LATE_SECONDS = 30;
/** The relay's own objective. */
const RELAY_LATE_SECONDS = 5;

export function messagingPage(view: MessagingView, stats: MetricsStats) {
  return document({
    title: 'Messaging',
    signedIn: true,
    main: html`<h1>Messaging</h1>
      <p class="quiet">
        As of ${instant(new Date(view.atMs))}. Counts and ages are of the last five minutes.
        <a href="/messaging">Look again</a>
      </p>
      ${view.services.length === 0 ? NOTHING : [summary(view), queues(view), services(view)]}
      ${droppedSection(stats)}`,
  });
}

const NOTHING = html`<p class="notice bad" role="alert">
  No service has reported metrics within a quarter of an hour. They report some ten seconds after
  their start; a service whose OTEL_EXPORTER_OTLP_ENDPOINT leads elsewhere never does.
</p>`;

/** What is wrong, in sentences, before any number. */
function summary(view: MessagingView): Html {
  const sentences = [...view.services.flatMap(serviceFaults), ...view.queues.flatMap(queueFaults)];
  if (sentences.length === 0) {
    return html`<p class="notice">
      Nothing is late, nothing fails and no dead letters lie about.
    </p>`;
  }
  return html`<div class="notice bad" role="status">
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </div>`;
}

function serviceFaults(row: ServiceRow): string[] {
  const { service, oldestUnpublishedSeconds: oldest = 0, failedEvents = 0 } = row;
  const faults: string[] = [];
  if (row.isSilent) faults.push(`${service} has not reported for over a minute.`);
  if (oldest > RELAY_LATE_SECONDS) {
    faults.push(`${service} has an event that has waited ${seconds(oldest)} to be published.`);
  }
  if (failedEvents > 0) {
    faults.push(`${service} has ${failedEvents} events SNS refused; they hold back their keys.`);
  }
  return faults;
}

function queueFaults(row: QueueRow): string[] {
  const { queue, ageP99, deadLetterDepth = 0 } = row;
  const faults: string[] = [];
  if (ageP99 !== undefined && ageP99 > LATE_SECONDS) {
    faults.push(`Of the events of ${queue} one in a hundred is older than ${seconds(ageP99)}.`);
  }
  if (deadLetterDepth > 0) faults.push(`${queue} has dead letters: ${deadLetterDepth}.`);
  return faults;
}

interface Column<R> {
  title: string;
  /** Undefined is shown as unknown. */
  value(row: R): Html | string | undefined;
  isNumber?: boolean;
}

const QUEUES: Column<QueueRow>[] = [
  { title: 'In flight', value: (row) => count(row.inFlight), isNumber: true },
  { title: 'Handled a second', value: (row) => rate(row.handledPerSecond), isNumber: true },
  { title: 'Age p50', value: (row) => told(row.ageP50, seconds), isNumber: true },
  {
    title: 'Age p99',
    value: ({ ageP99 }) => marked(ageP99, LATE_SECONDS, seconds),
    isNumber: true,
  },
  { title: 'Handler p99', value: (row) => told(row.handlingP99, seconds), isNumber: true },
  { title: 'Retries', value: (row) => marked(row.retries, 0, count), isNumber: true },
  { title: 'Duplicates', value: (row) => count(row.duplicates), isNumber: true },
  { title: 'Lost to others', value: (row) => marked(row.lost, 0, count), isNumber: true },
  { title: 'Died', value: (row) => marked(row.deadLetters, 0, count), isNumber: true },
  {
    title: 'Dead letters now',
    value: (row) => marked(row.deadLetterDepth, 0, count),
    isNumber: true,
  },
];

const SERVICES: Column<ServiceRow>[] = [
  {
    title: 'Oldest unpublished',
    value: (row) => marked(row.oldestUnpublishedSeconds, RELAY_LATE_SECONDS, seconds),
    isNumber: true,
  },
  { title: 'Published a second', value: (row) => rate(row.publishedPerSecond), isNumber: true },
  {
    title: 'Publish failures',
    value: (row) => marked(row.publishFailures, 0, count),
    isNumber: true,
  },
  { title: 'Refused events', value: (row) => marked(row.failedEvents, 0, count), isNumber: true },
  { title: 'Telemetry lost', value: (row) => marked(row.telemetryLost, 0, count), isNumber: true },
  {
    title: 'Reported',
    value: (row) => {
      const at = instant(new Date(row.reportedAtMs));
      return row.isSilent ? html`<span class="bad">silent since ${at}</span>` : at;
    },
  },
];

function queues({ queues: rows }: MessagingView): Html {
  if (rows.length === 0) return html`<p class="notice">No service has reported a queue yet.</p>`;
  return table('Queues', 'Queue', rows, (row) => row.queue, QUEUES);
}

function services({ services: rows }: MessagingView): Html {
  return table('Services', 'Service', rows, (row) => row.service, SERVICES);
}

/**
 * A table that on a narrow screen becomes a list of cards. The roles are spelled out because a
 * browser forgets that a table is one as soon as its rows are laid out otherwise.
 */
function table<R>(
  title: string,
  first: string,
  rows: R[],
  nameOf: (row: R) => string,
  columns: Column<R>[],
): Html {
  const id = title.toLowerCase();
  const headings = columns.map(
    ({ title: heading, isNumber }) =>
      html`<th scope="col" role="columnheader" ${isNumber === true && html`class="num"`}>
        ${heading}
      </th>`,
  );
  return html`<h2 id="${id}">${title}</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">
      <table class="cards" role="table" aria-labelledby="${id}">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">${first}</th>
            ${headings}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${rows.map(
            (row) =>
              html`<tr role="row">
                <td role="rowheader"><code>${nameOf(row)}</code></td>
                ${columns.map((column) => cell(row, column))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function cell<R>(row: R, { title, value, isNumber }: Column<R>): Html {
  const shown = value(row) ?? html`<span class="quiet">not known</span>`;
  return html`<td role="cell" data-title="${title}" ${isNumber === true && html`class="num"`}>
    ${shown}
  </td>`;
}

function told(value: number | undefined, text: (value: number) => string): string | undefined {
  return value === undefined ? undefined : text(value);
}

function marked(
  value: number | undefined,
  limit: number,
  text: (value: number) => string | undefined,
): Html | string | undefined {
  if (value === undefined) return undefined;
  return value > limit ? html`<span class="bad">${text(value)}</span>` : text(value);
}

function count(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(Math.round(value));
}

function rate(perSecond: number): string {
  return perSecond === 0 ? '0' : perSecond.toFixed(perSecond < 10 ? 2 : 0);
}

function seconds(value: number): string {
  if (value < 60) return duration(value * 1000);
  if (value < 3600) return `${(value / 60).toFixed(1)} min`;
  return `${(value / 3600).toFixed(1)} h`;
}

function droppedSection({ series, droppedPoints, strayPoints }: MetricsStats): Html {
  return html`<p class="quiet">
    ${series} series are known. Since the start ${droppedPoints} points found no room and
    ${strayPoints} had an impossible time.
  </p>`;
}
