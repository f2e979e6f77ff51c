import type { MediaRef } from './media.js';

/**
 * What an item shows, as a tree of plain data: no markup string ever reaches a browser, so there
 * is nothing to escape and nothing to inject.
 */
export type BodyNode =
  | { kind: 'text'; text: string }
  | {
      kind: 'element';
      name: string;
      attributes?: Record<string, string>;
      children: BodyNode[];
    }
  | { kind: 'interaction'; responseId: string }
  /** A place of a gap-match interaction where a word of its bank goes. */
  | { kind: 'gap'; responseId: string; gapId: string }
  /** Words of a hottext interaction that can be picked. */
  | { kind: 'hottext'; responseId: string; id: string; children: BodyNode[] }
  /** A picture, or a sound or film without limits; one with limits is a media interaction. */
  | { kind: 'media'; media: MediaRef };

/**
 * Elements a body may hold. None of them loads, runs or submits anything, so a body cannot reach
 * outside the page it is shown on.
 */
export const SAFE_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em ' +
    'figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q rp rt ruby s samp ' +
    'small span strong sub sup table tbody td tfoot th thead tr u ul var'
  ).split(' '),
);

/** Attributes those elements may carry. None takes a URL, a style or a script. */
export const SAFE_ATTRIBUTES: ReadonlySet<string> = new Set(
  'colspan dir lang reversed rowspan scope span start title type'.split(' '),
);

/** The words of a body in reading order, without its elements; for titles, search and logs. */
export function plainText(nodes: readonly BodyNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'media') return node.media.alt ?? '';
      return 'children' in node ? plainText(node.children) : '';
    })
    .join('');
}
