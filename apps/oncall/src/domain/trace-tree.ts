import type { Span, SpanRef } from './telemetry.js';
import type { SpanNote, ViewSpan } from './trace-view.js';

/** Clocks of spans tick in milliseconds: less than this apart is no disagreement. */
const SKEW_US = 2000;

interface Node {
  span: Span;
  relation: ViewSpan['relation'];
  notes: SpanNote[];
  children: Node[];
}

const keyOf = ({ traceId, spanId }: SpanRef) => `${traceId} ${spanId}`;

/** First start of the spans, in microseconds since the epoch; undefined for none. */
export function beginningOf(spans: readonly Span[]): number | undefined {
  return spans.length === 0 ? undefined : Math.min(...spans.map((span) => span.startUs));
}

/** From the first start to the last end, in milliseconds. */
export function extentMs(spans: readonly Span[]): number {
  const beginning = beginningOf(spans);
  if (beginning === undefined) return 0;
  const end = Math.max(...spans.map((span) => span.startUs + span.durationUs));
  return (end - beginning) / 1000;
}

/**
 * The spans of a trace, and those of other traces that link to it, in reading order with depths.
 * Every span is in the result exactly once, whatever its parents claim: a missing parent makes it
 * a root, and so does a circle of parents.
 */
export function treeOf(own: readonly Span[], linked: readonly Span[]): ViewSpan[] {
  const nodes = new Map<string, Node>();
  for (const span of own) {
    nodes.set(keyOf(span), { span, relation: 'own', notes: [], children: [] });
  }
  const roots: Node[] = [];
  for (const node of nodes.values()) placeOwn(node, nodes, roots);
  for (const span of linked) placeLinked(span, nodes, roots);
  const beginning = beginningOf(own) ?? beginningOf(linked) ?? 0;
  const ordered: ViewSpan[] = [];
  const seen = new Set<Node>();
  walk(roots, beginning, seen, ordered);
  for (const node of nodes.values()) {
    if (seen.has(node)) continue;
    node.notes.push('parent-missing');
    walk([node], beginning, seen, ordered);
  }
  return ordered;
}

function placeOwn(node: Node, nodes: Map<string, Node>, roots: Node[]): void {
  const { span } = node;
  if (span.parentId === null) {
    roots.push(node);
    return;
  }
  const parent = nodes.get(keyOf({ traceId: span.traceId, spanId: span.parentId }));
  if (parent === undefined) {
    node.notes.push('parent-missing');
    roots.push(node);
    return;
  }
  if (span.startUs < parent.span.startUs - SKEW_US) node.notes.push('clock-skew');
  parent.children.push(node);
}

/** A batch may carry several of our events: it stands under the first of them. */
function placeLinked(span: Span, nodes: Map<string, Node>, roots: Node[]): void {
  const node: Node = { span, relation: 'linked', notes: [], children: [] };
  const target = span.links.map((link) => nodes.get(keyOf(link))).find((found) => found);
  if (target !== undefined) {
    target.children.push(node);
    return;
  }
  node.notes.push('parent-missing');
  roots.push(node);
}

/** Without recursion: a chain of spans may be as long as a trace. */
function walk(roots: Node[], beginning: number, seen: Set<Node>, ordered: ViewSpan[]): void {
  const stack = inTime(roots).map((node) => ({ node, depth: 0 }));
  stack.reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, depth } = next;
    if (seen.has(node)) continue;
    seen.add(node);
    ordered.push(viewOf(node, depth, beginning));
    for (const child of inTime(node.children).toReversed()) {
      stack.push({ node: child, depth: depth + 1 });
    }
  }
}

function inTime(nodes: readonly Node[]): Node[] {
  return nodes.toSorted((one, other) => one.span.startUs - other.span.startUs);
}

function viewOf({ span, relation, notes }: Node, depth: number, beginning: number): ViewSpan {
  const { startUs, durationUs, ...rest } = span;
  return {
    ...rest,
    relation,
    depth,
    startedAt: instantOf(startUs),
    offsetMs: (startUs - beginning) / 1000,
    durationMs: durationUs / 1000,
    notes,
  };
}

/** RFC 3339 of microseconds since the epoch. */
export function instantOf(microseconds: number): string {
  return new Date(Math.floor(microseconds / 1000)).toISOString();
}
