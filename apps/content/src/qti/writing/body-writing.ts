import type { BodyNode, MediaRef } from '@parlance/assessment';
import type { Writing } from './writing.js';
import { el } from './xml-writing.js';
import type { XmlContent, XmlNode } from './xml-writing.js';

/** Gives the element of an interaction that a body holds. */
export type WriteInteraction = (responseId: string) => XmlContent[];

const NONE: WriteInteraction = () => [];

/** A body as markup. */
export function bodyContent(
  nodes: readonly BodyNode[],
  writing: Writing,
  interaction: WriteInteraction = NONE,
): XmlContent[] {
  return nodes.flatMap((node): XmlContent[] => {
    switch (node.kind) {
      case 'text':
        return [node.text];
      case 'element': {
        const { lang, ...attributes } = node.attributes ?? {};
        const children = bodyContent(node.children, writing, interaction);
        return [el(node.name, { ...attributes, 'xml:lang': lang }, children)];
      }
      case 'interaction':
        return interaction(node.responseId);
      case 'gap':
        return [el('qti-gap', { identifier: node.gapId })];
      case 'hottext':
        return [el('qti-hottext', { identifier: node.id }, bodyContent(node.children, writing))];
      case 'media':
        return [mediaElement(node.media, writing)];
    }
  });
}

/** A picture, sound or film as the version writes it. */
export function mediaElement(media: MediaRef, writing: Writing): XmlNode {
  const { mediaType, alt } = media;
  const href = writing.hrefOf(media);
  if (mediaType.startsWith('image/')) return el('img', { src: href, alt: alt ?? '' });
  if (writing.version === '2.2') {
    return el('object', { data: href, type: mediaType }, alt === undefined ? [] : [alt]);
  }
  const name = mediaType.startsWith('video/') ? 'video' : 'audio';
  return el(name, { src: href, controls: 'controls', 'aria-label': alt });
}

const BLOCKS: ReadonlySet<string> = new Set(
  (
    'blockquote div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul ' +
    'qti-choice-interaction qti-extended-text-interaction qti-order-interaction ' +
    'qti-match-interaction qti-associate-interaction qti-gap-match-interaction ' +
    'qti-hottext-interaction qti-select-point-interaction qti-slider-interaction ' +
    'qti-media-interaction qti-upload-interaction qti-rubric-block object audio video'
  ).split(' '),
);

/** Content where QTI takes blocks alone: runs of anything else get a block of their own. */
export function inBlocks(content: readonly XmlContent[]): XmlContent[] {
  const blocks: XmlContent[] = [];
  let run: XmlContent[] = [];
  const close = () => {
    const isBlank = run.every((one) => typeof one === 'string' && one.trim() === '');
    if (!isBlank) blocks.push(el('div', {}, run));
    run = [];
  };
  for (const one of content) {
    if (typeof one === 'string' || !BLOCKS.has(one.name)) {
      run.push(one);
      continue;
    }
    close();
    blocks.push(one);
  }
  close();
  return blocks;
}
