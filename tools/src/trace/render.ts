import { type Guide, guidesOf } from './guides.js';
import { type Paint, painter } from './paint.js';
import { rowsText, waysText } from './rows.js';
import type { Hop, TraceView, ViewLog, ViewSpan } from './view.js';
import { durationText, printable, publication } from './wording.js';

export interface RenderOptions {
  colour?: boolean;
  /** Columns of the terminal; longer lines are cut. */
  width?: number;
}

const NOTES = {
  'parent-missing': '(its parent is not here)',
  'clock-skew': '(starts before its parent: clocks differ)',
};

const RED_LEVELS = ['error', 'fatal'];
/** Long, or on every line. */
const FACTS_LEFT_OUT = ['request_id', 'error.stack'];
const COLUMN = 9;

/**
 * The whole way of a request as text: one time-ordered tree over all services with durations, logs
 * in place, the way of each event, and the rows that came of it. Ends in a newline.
 */
export function renderTrace(view: TraceView, options: RenderOptions = {}): string {
  const { colour = false, width = 160 } = options;
  const paint = painter(colour);
  const lines = [
    ...heading(view, paint),
    '',
    ...treeLines(view, paint),
    ...waysText(view.hops, paint),
    ...rowsText(view.records, paint),
    ...closing(view, paint),
  ];
  return `${lines.map((line) => cut(line, width)).join('\n')}\n`;
}

function heading(view: TraceView, paint: Paint): string[] {
  const began = view.startedAt === null ? '' : `, began ${view.startedAt}`;
  const took = `, took ${durationText(view.durationMs)}`;
  const lines = [`${paint.bold(`Trace ${printable(view.id)}`)}${began}${took}`];
  if (view.traceIds.length > 1 || view.traceIds[0] !== view.id) {
    lines.push(`Requests that touched it: ${view.traceIds.join(' ')}`);
  }
  return lines;
}

function treeLines(view: TraceView, paint: Paint): string[] {
  const services = [...view.spans, ...view.logs].map(({ service }) => service.length);
  const print = new LinePrinter(paint, Math.max(0, ...services), view.hops);
  const logs = new Map<string | null, ViewLog[]>();
  for (const log of view.logs) logs.set(log.spanId, [...(logs.get(log.spanId) ?? []), log]);
  const lines =
    view.spans.length > 0
      ? [paint.quiet(`${'at'.padStart(COLUMN)} ${'took'.padStart(COLUMN)}  service`)]
      : ['No spans are here: they arrive some seconds late and are kept for some days.'];
  const guides = guidesOf(view.spans.map(({ depth }) => depth));
  view.spans.forEach((span, index) => {
    const guide = guides[index] ?? { own: '', below: '' };
    lines.push(print.span(span, guide));
    for (const log of logs.get(span.spanId) ?? []) lines.push(print.log(log, guide.below));
    logs.delete(span.spanId);
  });
  const loose = [...logs.values()].flat();
  if (loose.length > 0) lines.push('', paint.bold('Log lines without a span'));
  return [...lines, ...loose.map((log) => print.log(log, ''))];
}

/** Lines of one tree: all have the same columns. */
class LinePrinter {
  private readonly hops: ReadonlyMap<string, Hop>;

  constructor(
    private readonly paint: Paint,
    private readonly serviceWidth: number,
    hops: readonly Hop[],
  ) {
    this.hops = new Map(hops.map((hop) => [hop.eventId, hop]));
  }

  span(span: ViewSpan, guide: Guide): string {
    const { paint } = this;
    const failed = span.status === 'error';
    const name = printable(span.name);
    const title = failed ? paint.bad(`${name} FAILED`) : paint.bold(name);
    const told = [...this.about(span), ...span.notes.map((note) => NOTES[note])].join('  ');
    const columns = this.columns(span.offsetMs, durationText(span.durationMs), span.service);
    return `${columns}${paint.quiet(guide.own)}${title}  ${paint.quiet(told)}`.trimEnd();
  }

  log(log: ViewLog, guide: string): string {
    const { paint } = this;
    const level = printable(log.level);
    const facts = Object.entries(log.attributes)
      .filter(([key]) => !FACTS_LEFT_OUT.includes(key))
      .map(([key, value]) => `${printable(key)}=${printable(value)}`);
    const text = `${RED_LEVELS.includes(level) ? paint.bad(level) : level}: ${printable(log.message)}`;
    const columns = this.columns(log.offsetMs, '', log.service);
    return `${columns}${paint.quiet(guide)}${text}  ${paint.quiet(facts.join(' '))}`.trimEnd();
  }

  private columns(offsetMs: number, took: string, service: string): string {
    const { paint } = this;
    const at = paint.quiet(durationText(offsetMs).padStart(COLUMN));
    const name = paint.service(printable(service).padEnd(this.serviceWidth));
    return `${at} ${took.padStart(COLUMN)}  ${name}  `;
  }

  /** What tells most about a span, in the order in which one asks. */
  private about({ attributes, kind, relation }: ViewSpan): string[] {
    const value = (key: string) => {
      const found = attributes[key];
      return found === undefined ? '' : printable(found);
    };
    const hop = this.hops.get(value('messaging.message.id'));
    const count = value('messaging.batch.message_count');
    return [
      value('http.response.status_code'),
      value('db.query.summary'),
      kind === 'consumer' ? `receive ${value('app.receive_count') || '1'}` : '',
      value('app.outcome'),
      value('error.type'),
      value('app.error_code'),
      kind === 'producer' || kind === 'consumer' ? (hop?.type ?? value('app.event_type')) : '',
      kind === 'producer' && hop !== undefined ? publication(hop) : '',
      relation === 'linked' && count !== '' ? `batch of ${count}` : '',
    ].filter((part) => part !== '');
  }
}

function closing(view: TraceView, paint: Paint): string[] {
  const away = view.services.filter(({ status }) => status !== 'answered');
  const lines: string[] = [];
  if (view.truncated) lines.push('', paint.bad('There is more than is shown here.'));
  if (away.length > 0) {
    const names = away.map(({ service, status }) => `${service} (${status.replace('-', ' ')})`);
    lines.push('', paint.bad(`Not everything may be here. Not asked: ${names.join(', ')}`));
  }
  return lines;
}

/** Cuts to a number of characters; escape sequences have no width. */
function cut(line: string, width: number): string {
  // eslint-disable-next-line no-control-regex -- the sequences that colour text start with ESC
  const pieces = line.split(/(\u001b\[\d+m)/);
  let room = width;
  return pieces
    .map((piece, index) => {
      if (index % 2 === 1) return piece;
      const characters = [...piece];
      const before = room;
      room = Math.max(0, room - characters.length);
      if (characters.length <= before) return piece;
      return before > 0 ? `${characters.slice(0, before - 1).join('')}…` : '';
    })
    .join('');
}
