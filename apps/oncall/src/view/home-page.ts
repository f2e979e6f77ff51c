import type { DeadLetterReport } from '../dead-letters.js';
import type { RecentFilter, RecentTrace } from '../db/recent-traces.store.js';
import type { IntakeStats } from '../intake.js';
import { html, type Html } from './html.js';
import { document, duration, instant } from './layout.js';

export interface HomePage {
  filter: RecentFilter;
  /** Undefined: the telemetry store did not answer in time. */
  recent: { traces: RecentTrace[]; services: string[] } | undefined;
  /** Undefined: SQS did not answer. */
  deadLetters: DeadLetterReport | undefined;
  intake: IntakeStats;
}

export const PERIODS = [5, 15, 60, 360, 1440, 4320];

export function homePage(page: HomePage) {
  return document({
    title: 'Recent traces',
    signedIn: true,
    main: html`<h1>Recent traces</h1>
      <p><a href="/messaging">Messaging: queues, ages and outboxes</a></p>
      ${filterForm(page)}
      ${page.recent === undefined ? NOT_IN_TIME : traceTable(page.recent.traces)}
      ${deadLetterSection(page.deadLetters)} ${intakeSection(page.intake)}`,
  });
}

const NOT_IN_TIME = html`<p class="notice bad" role="alert">
  The telemetry store did not answer in time. Choose a shorter period, or look a request up by its
  id.
</p>`;

function filterForm({ filter, recent }: HomePage): Html {
  const services = new Set(recent?.services ?? []);
  if (filter.service !== undefined) services.add(filter.service);
  return html`<form class="row" method="get" action="/" aria-label="Filter">
    <label
      >Order
      <select name="sort">
        ${option('recent', 'latest first', filter.sort)}
        ${option('slowest', 'slowest first', filter.sort)}
      </select>
    </label>
    <label
      >Service
      <select name="service">
        ${option('', 'all', filter.service ?? '')}
        ${[...services].sort().map((name) => option(name, name, filter.service ?? ''))}
      </select>
    </label>
    <label
      >Within
      <select name="minutes">
        ${PERIODS.map((minutes) => option(String(minutes), period(minutes), String(filter.minutes)))}
      </select>
    </label>
    <label class="check"
      ><input type="checkbox" name="errors" value="1" ${filter.errorsOnly && html`checked`} /> with
      errors only</label
    >
    <button>Show</button>
  </form>`;
}

function option(value: string, text: string, chosen: string): Html {
  return html`<option value="${value}" ${value === chosen && html`selected`}>${text}</option>`;
}

function period(minutes: number): string {
  if (minutes < 60) return `${minutes} minutes`;
  const hours = minutes / 60;
  return hours === 1 ? 'an hour' : hours < 24 ? `${hours} hours` : `${hours / 24} days`;
}

function traceTable(traces: RecentTrace[]): Html {
  if (traces.length === 0) return html`<p class="notice">No trace fits within this period.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="traces">
    <table>
      <caption id="traces">
        ${traces.length === 1 ? 'One trace' : `${traces.length} traces`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Request</th>
          <th scope="col">Began</th>
          <th scope="col" class="num">Took</th>
          <th scope="col" class="num">Errors</th>
          <th scope="col">Services</th>
        </tr>
      </thead>
      <tbody>
        ${traces.map(traceRow)}
      </tbody>
    </table>
  </div>`;
}

function traceRow(trace: RecentTrace): Html {
  return html`<tr>
    <td>
      <a href="/traces/${trace.traceId}">${trace.name || 'unknown'}</a><br /><code class="quiet"
        >${trace.traceId}</code
      >
    </td>
    <td>${instant(trace.startedAt)}</td>
    <td class="num">${duration(trace.durationMs)}</td>
    <td class="num">${trace.errors > 0 ? html`<span class="bad">${trace.errors}</span>` : '0'}</td>
    <td>${trace.services.join(', ')}</td>
  </tr>`;
}

function deadLetterSection(report: DeadLetterReport | undefined): Html {
  const heading = html`<h2 id="dead-letters">Dead letters</h2>`;
  if (report === undefined) {
    return html`${heading}
      <p class="notice bad">SQS is not reachable: the dead letters cannot be counted now.</p>`;
  }
  const filled = report.queues.filter(({ depth }) => depth === null || depth > 0);
  return html`${heading}
    <p>
      ${
        report.total === 0
          ? html`<span class="good">None</span>`
          : html`<span class="bad">${report.total}</span>`
      }
      in ${report.queues.length} queues.
    </p>
    ${
      filled.length > 0 &&
      html`<table>
        <caption>
          Queues that have dead letters, or that are missing
        </caption>
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col" class="num">Messages</th>
          </tr>
        </thead>
        <tbody>
          ${filled.map(
            ({ name, depth }) =>
              html`<tr>
                <td><code>${name}</code></td>
                <td class="num">${depth ?? 'no such queue'}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }`;
}

function intakeSection(intake: IntakeStats): Html {
  return html`<h2>Telemetry</h2>
    <p class="quiet">
      Since the start ${intake.storedRows} spans and log lines were stored, ${intake.waitingRows}
      wait, ${intake.droppedRows} were dropped, and ${intake.refusedExports} exports were told to
      come back later.
    </p>`;
}
