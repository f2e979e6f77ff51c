import type { Paint } from './paint.js';
import type { Hop, TraceView } from './view.js';
import { durationText, printable, publication } from './wording.js';

/** The way of each event: who wrote it, when it was published, who took it with what outcome. */
export function waysText(hops: readonly Hop[], paint: Paint): string[] {
  if (hops.length === 0) return [];
  const lines = ['', paint.bold('Events')];
  for (const hop of hops) {
    lines.push(`  ${hop.type}  ${paint.quiet(hop.eventId)}  from ${hop.from}, ${publication(hop)}`);
    if (hop.deliveries.length === 0) lines.push('    nobody has taken it yet');
    for (const { service, outcome, receiveCount, durationMs } of hop.deliveries) {
      const isFine = outcome === 'applied' || outcome === 'duplicate';
      const shown = isFine ? paint.good(outcome) : paint.bad(outcome);
      const took = durationMs === null ? '' : `, ${durationText(durationMs)}`;
      lines.push(`    ${service.padEnd(12)} ${shown}, receive ${receiveCount}${took}`);
    }
  }
  return lines;
}

/** The rows that came of it, one per line. */
export function rowsText(records: TraceView['records'], paint: Paint): string[] {
  if (records.length === 0) return [];
  const lines = ['', paint.bold('Rows that came of it')];
  for (const { service, noun, rows } of records) {
    for (const row of rows) {
      const { id, ...rest } = row;
      const facts = Object.entries(rest).filter(([, value]) => value !== null);
      const told = facts.map(([key, value]) => `${key}=${printable(value)}`).join(' ');
      const named = printable(`${service} ${noun}`).padEnd(26);
      lines.push(`  ${named} ${printable(id ?? '')}  ${paint.quiet(told)}`.trimEnd());
    }
  }
  return lines;
}
