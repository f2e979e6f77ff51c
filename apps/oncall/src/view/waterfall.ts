import type { Attributes } from '../domain/telemetry.js';
import type { TraceView, ViewLog, ViewSpan } from '../domain/trace-view.js';
import { html, type Html } from './html.js';
import { duration } from './layout.js';
import { barClasses } from './style.js';

const MAX_DEPTH = 12;

const NOTES = {
  'parent-missing': 'its parent is not here',
  'clock-skew': 'starts before its parent: clocks differ',
} as const;

/** Every span as a line with a bar on the common time axis; logs stand under their span. */
export function waterfall(view: TraceView): Html {
  const logs = new Map<string, ViewLog[]>();
  for (const log of view.logs) {
    const key = log.spanId ?? '';
    logs.set(key, [...(logs.get(key) ?? []), log]);
  }
  const known = new Set(view.spans.map((span) => span.spanId));
  const loose = view.logs.filter((log) => log.spanId === null || !known.has(log.spanId));
  return html`<ol class="fall" aria-labelledby="way">
      ${view.spans.map((span) => spanLine(span, view.durationMs, logs.get(span.spanId) ?? []))}
    </ol>
    ${
      loose.length > 0 &&
      html`<h3>Log lines without a span</h3>
        <ol class="fall">
          ${loose.map((log) => html`<li>${logLine(log)}</li>`)}
        </ol>`
    }`;
}

function spanLine(span: ViewSpan, totalMs: number, logs: ViewLog[]): Html {
  const scale = totalMs > 0 ? totalMs : 1;
  const start = Math.max(0, span.offsetMs);
  const end = Math.max(start, span.offsetMs + span.durationMs);
  const bar = barClasses(start / scale, (end - start) / scale);
  const failed = span.status === 'error';
  return html`<li class="${failed && 'failed'} ${span.relation === 'linked' && 'linked'}">
    <div class="what d${Math.min(span.depth, MAX_DEPTH)}">
      <details>
        <summary>
          <span class="quiet">${span.service}</span> ${span.name}
          ${failed && html`<span class="bad">failed</span>`}
          ${span.relation === 'linked' && html`<span class="tag">linked</span>`} ${summary(span)}
          ${span.notes.map((note) => html` <span class="tag">${NOTES[note]}</span>`)}
        </summary>
        ${facts(span)}
      </details>
    </div>
    <div class="lane">
      <div class="fill ${bar}"></div>
      <span class="time ${start / scale > 0.5 && 'early'}"
        >${span.offsetMs < 0 ? '−' : '+'}${duration(Math.abs(span.offsetMs))} ·
        ${duration(span.durationMs)}</span
      >
    </div>
    ${logs.map(logLine)}
  </li>`;
}

/** What tells most about the span, in a few words. */
function summary({ attributes }: ViewSpan): Html {
  const status = attributes['http.response.status_code'];
  const sql = attributes['db.query.summary'];
  const receives = Number(attributes['app.receive_count'] ?? 1);
  const outcome = attributes['app.outcome'];
  const parts = [
    status === undefined ? '' : String(status),
    outcome === undefined ? '' : String(outcome),
    receives > 1 ? `receive ${receives}` : '',
    attributes['error.type'] === undefined ? '' : String(attributes['error.type']),
    sql === undefined ? '' : String(sql),
  ].filter((part) => part !== '');
  return html`<span class="quiet">${parts.join(' · ')}</span>`;
}

function facts(span: ViewSpan): Html {
  return attributeList({
    span: span.spanId,
    trace: span.traceId,
    kind: span.kind,
    began: span.startedAt,
    ...span.attributes,
  });
}

function attributeList(attributes: Attributes): Html {
  return html`<dl>
    ${Object.entries(attributes).map(
      ([key, value]) =>
        html`<dt>${key}</dt>
          <dd class="mono">${Array.isArray(value) ? value.join(', ') : String(value)}</dd>`,
    )}
  </dl>`;
}

function logLine(log: ViewLog): Html {
  const isBad = log.level === 'error' || log.level === 'fatal';
  const summaryText = html`<span class="${isBad ? 'bad' : 'quiet'}">${log.level}</span>
    <span class="quiet">+${duration(Math.max(0, log.offsetMs))} ${log.service}</span>
    ${log.message}`;
  if (Object.keys(log.attributes).length === 0) return html`<div class="log">${summaryText}</div>`;
  return html`<div class="log">
    <details>
      <summary>${summaryText}</summary>
      ${attributeList(log.attributes)}
    </details>
  </div>`;
}
