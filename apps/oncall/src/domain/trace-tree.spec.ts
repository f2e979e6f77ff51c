import fc from 'fast-check';
import type { Span } from './telemetry.js';
import { treeOf } from './trace-tree.js';

const START_US = 1_795_405_137_000_000;

function span(
  spanId: string,
  parentId: string | null,
  startMs = 0,
  more: Partial<Span> = {},
): Span {
  return {
    traceId: 't',
    spanId,
    parentId,
    service: 'grading',
    name: spanId,
    kind: 'internal',
    startUs: START_US + startMs * 1000,
    durationUs: 1000,
    status: 'unset',
    attributes: {},
    links: [],
    ...more,
  };
}

const shape = (own: Span[], linked: Span[] = []) =>
  treeOf(own, linked).map(({ spanId, depth, notes }) => [spanId, depth, ...notes]);

describe('the tree', () => {
  it('has siblings in the order of time, whatever the order of arrival', () => {
    const spans = [span('c', 'a', 5), span('d', 'b', 3), span('b', 'a', 1), span('a', null)];
    expect(shape(spans)).toEqual([
      ['a', 0],
      ['b', 1],
      ['d', 2],
      ['c', 1],
    ]);
  });

  it('shows a span whose parent is missing as a root', () => {
    expect(shape([span('a', null), span('b', 'gone', 2)])).toEqual([
      ['a', 0],
      ['b', 0, 'parent-missing'],
    ]);
  });

  it('shows what links to it under the span it links to', () => {
    const link = (spanId: string) => ({ links: [{ traceId: 't', spanId }], traceId: 'u' });
    const publish = span('p', null, 9, link('b'));
    const lost = span('l', null, 9, link('gone'));
    expect(shape([span('a', null), span('b', 'a', 1)], [publish, lost])).toEqual([
      ['a', 0],
      ['b', 1],
      ['p', 2],
      ['l', 0, 'parent-missing'],
    ]);
  });

  it('says when a child starts before its parent, unless by a tick of the clock', () => {
    expect(shape([span('a', null, 10), span('b', 'a', 3), span('c', 'a', 9)])).toEqual([
      ['a', 0],
      ['b', 1, 'clock-skew'],
      ['c', 1],
    ]);
  });

  it('has every span exactly once, whatever parents and links claim', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const graph = fc.array(fc.tuple(ids, fc.option(ids), fc.integer({ min: -50, max: 50 }), ids));
    fc.assert(
      fc.property(graph, (entries) => {
        const first = new Map(entries.map((entry) => [entry[0], entry]));
        const own = [...first.values()].map(([id, parent, ms]) => span(id, parent, ms));
        const linked = [...first.values()].map(([id, , ms, target]) =>
          span(`l${id}`, null, ms, { traceId: 'u', links: [{ traceId: 't', spanId: target }] }),
        );
        const seen = treeOf(own, linked).map(({ spanId }) => spanId);
        expect(seen.toSorted()).toEqual([...own, ...linked].map((s) => s.spanId).toSorted());
      }),
    );
  });

  it('takes a chain as long as a trace may be', () => {
    const chain = Array.from({ length: 2000 }, (_, n) =>
      span(`s${n}`, n === 0 ? null : `s${n - 1}`),
    );
    expect(treeOf(chain, []).at(-1)?.depth).toBe(1999);
  });
});
