import type { BodyNode, MediaRef } from '@parlance/assessment';
import { fittingAttributes, grouped, inBlocks, isBlock, isInline } from './markup.js';
import { nameIn, PARTS, TEXT_BLOCKS, withGapsInText } from './markup.js';
import type { Place } from './markup.js';
import type { Writing } from './writing.js';
import { el } from './xml-writing.js';
import type { XmlContent, XmlNode } from './xml-writing.js';

/** Gives the element of an interaction that a body holds. */
export type WriteInteraction = (responseId: string) => XmlContent[];

type ElementNode = Extract<BodyNode, { kind: 'element' }>;

const ROWS: ReadonlySet<string> = new Set(['thead', 'tbody', 'tfoot', 'tr']);

const NONE: WriteInteraction = () => [];

/** A body as markup that may stand where it is wanted. */
export function bodyContent(
  nodes: readonly BodyNode[],
  place: Place,
  writing: Writing,
  interaction: WriteInteraction = NONE,
): XmlContent[] {
  const content = nodes.flatMap((node): XmlContent[] => {
    switch (node.kind) {
      case 'text':
        return [node.text];
      case 'element':
        return [elementNode(node, place, writing, interaction)];
      case 'interaction':
        return interaction(node.responseId);
      case 'gap':
        return [el('qti-gap', { identifier: node.gapId })];
      case 'hottext': {
        const children = bodyContent(node.children, 'inline', writing);
        return [el('qti-hottext', { identifier: node.id }, children)];
      }
      case 'media':
        return [mediaElement(node.media, writing, place)];
    }
  });
  return place === 'blocks' ? inBlocks(content) : content;
}

function elementNode(
  node: ElementNode,
  place: Place,
  writing: Writing,
  interaction: WriteInteraction,
): XmlNode {
  const name = nameIn(place, node.name, writing);
  const inside = (where: Place) => bodyContent(node.children, where, writing, interaction);
  const written = (as: string, children: readonly XmlContent[]) =>
    el(as, fittingAttributes(as, node.attributes ?? {}, writing), children);
  if (place === 'inline') return written(name, inside('inline'));
  if (name in PARTS) return partElement({ ...node, name }, writing, interaction);
  if (isInline(name) || TEXT_BLOCKS.has(name)) {
    const children = inside('flow');
    // What holds a block has to be one that may.
    return children.some(isBlock)
      ? written('div', withGapsInText(children))
      : written(name, children);
  }
  if (name === 'blockquote') return written(name, inside('blocks'));
  return written(name, withGapsInText(inside('flow')));
}

/** Lists, tables and what they are made of; whatever else is in them is put into their parts. */
function partElement(node: ElementNode, writing: Writing, interaction: WriteInteraction): XmlNode {
  const attributes = fittingAttributes(node.name, node.attributes ?? {}, writing);
  const parts = PARTS[node.name];
  if (parts === undefined) {
    const place = node.name === 'dt' || node.name === 'caption' ? 'inline' : 'flow';
    const content = bodyContent(node.children, place, writing, interaction);
    return el(node.name, attributes, place === 'flow' ? withGapsInText(content) : content);
  }
  const rankOf = (one: BodyNode) =>
    one.kind === 'element' ? parts.children.indexOf(one.name) : -1;
  const children = grouped<BodyNode>(
    node.children,
    (one) => rankOf(one) >= 0,
    (one) => one.kind === 'text' && one.text.trim() === '',
    (run) => ({ kind: 'element', name: parts.otherwise, children: [...run] }),
  );
  // The schemas want a foot before the rows.
  if (node.name === 'table') children.sort((one, other) => rankOf(one) - rankOf(other));
  const written = children.map((one) => partElement(one as ElementNode, writing, interaction));
  // Rows and groups of rows that hold none are nothing to see, and not valid.
  const filled = written.filter(({ name, children: own }) => own.length > 0 || !ROWS.has(name));
  return el(node.name, attributes, filled);
}

/** A picture, sound or film as the version writes it there. */
export function mediaElement(media: MediaRef, writing: Writing, place: Place): XmlNode {
  const { mediaType, alt } = media;
  const href = writing.hrefOf(media);
  if (mediaType.startsWith('image/')) return el('img', { src: href, alt: alt ?? '' });
  if (writing.version === '2.2' || place === 'inline') {
    return el('object', { data: href, type: mediaType }, alt === undefined ? [] : [alt]);
  }
  const name = mediaType.startsWith('video/') ? 'video' : 'audio';
  return el(name, { src: href, controls: true, 'aria-label': alt });
}
