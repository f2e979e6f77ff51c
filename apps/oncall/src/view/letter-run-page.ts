import type { LetterRun, RunCounts, RunEntry, RunState } from '../domain/letter-run.js';
import { isClean } from '../domain/letter-run.js';
import { html, type Html } from './html.js';
import { document, instant } from './layout.js';
import { filterList } from './letter-links.js';

const STATES: Record<RunState, string> = {
  running: 'at work',
  done: 'done',
  stopped: 'stopped, for on-call was shut down',
  failed: 'done in part',
  interrupted: 'broken off, for on-call died',
};

const COUNTS: Record<keyof RunCounts, string> = {
  redriven: 'redriven',
  discarded: 'discarded',
  'too-old': 'too old',
  failed: 'failed',
  'not-deleted': 'sent but still here',
};

/** One redrive or discard: how far it is, and what became of each letter. */
export function letterRunPage(run: LetterRun, entries: readonly RunEntry[]) {
  const what = run.action === 'redrive' ? 'Redrive' : 'Discard';
  return document({
    title: `${what} by ${run.operator}`,
    signedIn: true,
    main: html`<h1>${what} by ${run.operator}</h1>
      <p role="status">It is ${stateOf(run)}: ${countsText(run.counts)}.</p>
      ${
        run.state === 'running' &&
        html`<p><a href="/dead-letters/runs/${run.id}">Look again</a></p>`
      }
      ${run.fault !== null && html`<p class="notice bad" role="alert">${run.fault}</p>`}
      ${
        run.counts['too-old'] > 0 &&
        html`<p class="notice">
          Letters that are too old stayed where they were: the consumers may have forgotten whether
          they had the event.
        </p>`
      }
      ${
        run.counts['not-deleted'] > 0 &&
        html`<p class="notice">
          Some letters were sent but could not be deleted here. They are duplicates now, which the
          consumers know: discard them.
        </p>`
      }
      <dl>
        <dt>began</dt>
        <dd>${instant(run.startedAt)}</dd>
        <dt>ended</dt>
        <dd>${run.finishedAt === null ? 'not yet' : instant(run.finishedAt)}</dd>
        <dt>reason</dt>
        <dd>${run.reason ?? 'none given'}</dd>
        <dt>rate</dt>
        <dd>${run.ratePerSecond} letters a second</dd>
      </dl>
      <h2>Which letters</h2>
      ${filterList(run.filter)} ${entryTable(entries)}
      <p>
        <a href="/dead-letters">All dead letters</a> ·
        <a href="/dead-letters/audit">What was redriven and discarded</a>
      </p>`,
  });
}

/** The latest redrives and discards. */
export function auditPage(runs: readonly LetterRun[]) {
  return document({
    title: 'Redrives and discards',
    signedIn: true,
    main: html`<h1>Redrives and discards</h1>
      ${
        runs.length === 0
          ? html`<p class="notice">There was none so far.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Redrives and discards">
              <table>
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">What</th>
                    <th scope="col">Who and why</th>
                    <th scope="col">Which letters</th>
                    <th scope="col">What came of it</th>
                  </tr>
                </thead>
                <tbody>
                  ${runs.map(runRow)}
                </tbody>
              </table>
            </div>`
      }
      <p><a href="/dead-letters">All dead letters</a></p>`,
  });
}

function runRow(run: LetterRun): Html {
  return html`<tr>
    <td>${instant(run.startedAt)}</td>
    <td><a href="/dead-letters/runs/${run.id}">${run.action}</a></td>
    <td>
      ${run.operator}${run.reason !== null && html`<br /><span class="quiet">${run.reason}</span>`}
    </td>
    <td>${filterList(run.filter)}</td>
    <td>${stateOf(run)}<br />${countsText(run.counts)}</td>
  </tr>`;
}

function stateOf(run: LetterRun): Html {
  if (run.state === 'running') return html`${STATES.running}`;
  return html`<span class="${isClean(run) ? 'good' : 'bad'}">${STATES[run.state]}</span>`;
}

function countsText(counts: RunCounts): string {
  const told = (Object.keys(COUNTS) as (keyof RunCounts)[])
    .filter((name) => counts[name] > 0)
    .map((name) => `${counts[name]} ${COUNTS[name]}`);
  return told.length === 0 ? 'no letter yet' : told.join(', ');
}

function entryTable(entries: readonly RunEntry[]): Html {
  if (entries.length === 0) return html``;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="entries">
    <table>
      <caption id="entries">
        ${entries.length === 1 ? 'One letter' : `${entries.length} letters, the first ones first`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Event or message</th>
          <th scope="col">Type and queue</th>
          <th scope="col">Fingerprint</th>
          <th scope="col">What became of it</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (entry) =>
            html`<tr>
              <td class="keep"><code>${entry.eventId ?? entry.letterId}</code></td>
              <td>${entry.type ?? 'not known'}<br /><code class="quiet">${entry.queue}</code></td>
              <td><code>${entry.fingerprint}</code></td>
              <td>${entry.outcome === 'begun' ? 'not known' : COUNTS[entry.outcome]}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
