import { SAFE_ATTRIBUTES, SAFE_ELEMENTS } from '@parlance/assessment';
import type { BodyNode } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import { isOutside, mediaRef, sourceOf } from './media.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, elementsIn, isElement } from './xml-reading.js';

/** What a body reader does with the places of an answer that it meets; where there can be any. */
export interface Places {
  interaction?: (element: XmlElement) => BodyNode;
  gap?: (element: XmlElement) => BodyNode;
  /** Of the words within, which are read already. */
  hottext?: (element: XmlElement, children: BodyNode[]) => BodyNode;
}

/** Never shown, whatever is in them: code, and what would load something else. */
const CODE = new Set(
  (
    'script style link meta iframe frame form input button template noscript ' + 'qti-stylesheet'
  ).split(' '),
);

/** What would tell a learner the answer. */
const FEEDBACK = new Set('qti-feedback-block qti-feedback-inline qti-modal-feedback'.split(' '));

const CATALOGS = new Set('qti-catalog-info qti-companion-materials-info'.split(' '));

const UNWRAPPED_QTI = new Set(['qti-rubric-block', 'qti-content-body', 'qti-prompt']);

/**
 * The content of an element as plain nodes of safe elements. Elements outside the allow-list give
 * up their name and keep their words; code and feedback are left out with a loss.
 *
 * @throws FileFault for what an item cannot do without and this platform cannot show: a question
 * without its recording is worse than no question.
 */
export function readBody(element: XmlElement, reading: Reading, places: Places = {}): BodyNode[] {
  return trimmed(contentOf(element, reading, places));
}

function contentOf(element: XmlElement, reading: Reading, places: Places): BodyNode[] {
  return joined(
    element.children.flatMap((child): BodyNode[] => {
      if (!isElement(child)) return [{ kind: 'text', text: child.replace(/\s+/g, ' ') }];
      return nodesOf(child, reading, places);
    }),
  );
}

function nodesOf(element: XmlElement, reading: Reading, places: Places): BodyNode[] {
  const { name, line } = element;
  const { losses } = reading;
  if (name === 'math' || name === 'include') {
    throw new FileFault(`<${name}> is not supported.`, line);
  }
  if (isLeftOut(element, reading)) return [];
  const media = mediaNodes(element, reading);
  if (media !== null) return media;
  const place = placeOf(element, reading, places);
  if (place !== null) return [place];
  if (name === 'qti-rubric-block' && !isForLearner(element)) return [];
  if (name.startsWith('qti-') && !UNWRAPPED_QTI.has(name)) {
    throw new FileFault(`<${name}> is not supported.`, line);
  }
  const children = contentOf(element, reading, places);
  if (!SAFE_ELEMENTS.has(name)) {
    if (!name.startsWith('qti-'))
      losses.add('element-unwrapped', `<${name}> was left out, not its text.`, line);
    return children;
  }
  const attributes = safeAttributes(element, reading);
  return [{ kind: 'element', name, ...(attributes === null ? {} : { attributes }), children }];
}

function isLeftOut(element: XmlElement, { losses, isAdaptive }: Reading): boolean {
  const { name, line } = element;
  if (FEEDBACK.has(name)) {
    if (holdsInteraction(element)) {
      throw new FileFault('A question within feedback is not supported.', line);
    }
    if (!isAdaptive) losses.add('feedback-left-out', `<${name}> was left out.`, line);
    return true;
  }
  if (CODE.has(name)) losses.add('code-left-out', `<${name}> was left out.`, line);
  else if (CATALOGS.has(name)) losses.add('catalog-left-out', `<${name}> was left out.`, line);
  else return false;
  return true;
}

function holdsInteraction(element: XmlElement): boolean {
  return elementsIn(element).some(
    (child) => child.name.endsWith('-interaction') || holdsInteraction(child),
  );
}

function placeOf(element: XmlElement, reading: Reading, places: Places): BodyNode | null {
  const { name, line } = element;
  const misplaced = () => new FileFault(`<${name}> is out of place.`, line);
  if (name.endsWith('-interaction')) {
    if (places.interaction === undefined) throw misplaced();
    return places.interaction(element);
  }
  if (name === 'qti-gap') {
    if (places.gap === undefined) throw misplaced();
    return places.gap(element);
  }
  if (name === 'qti-hottext') {
    if (places.hottext === undefined) throw misplaced();
    return places.hottext(element, contentOf(element, reading, {}));
  }
  return null;
}

const FRAMES = new Set(['canvas', 'embed', 'svg']);

function mediaNodes(element: XmlElement, reading: Reading): BodyNode[] | null {
  const { name, line } = element;
  if (FRAMES.has(name)) throw new FileFault(`<${name}> is not supported.`, line);
  if (name === 'picture') {
    const image = childNamed(element, 'img');
    return image === undefined ? [] : mediaNodes(image, reading);
  }
  if (name !== 'img' && name !== 'audio' && name !== 'video' && name !== 'object') return null;
  const href = sourceOf(element);
  if (href === undefined) throw new FileFault(`<${name}> names no file.`, line);
  if (name === 'img' && isOutside(href)) {
    const detail = 'A picture that is not in the package was left out.';
    reading.losses.add('external-media-left-out', detail, line);
    return [];
  }
  noteCaptions(element, reading);
  return [{ kind: 'media', media: mediaRef(href, element, reading) }];
}

/** Subtitles would have to be files of their own, and what they say may be the answer. */
export function noteCaptions(element: XmlElement, { losses }: Reading): void {
  if (childNamed(element, 'track') === undefined) return;
  losses.add('captions-left-out', 'Subtitles were left out.', element.line);
}

/** Rubrics for scorers and tutors may tell the answer. */
export function isForLearner(rubric: XmlElement): boolean {
  const views = (attribute(rubric, 'view') ?? 'candidate').split(/\s+/);
  return views.includes('candidate');
}

function safeAttributes(element: XmlElement, { losses }: Reading): Record<string, string> | null {
  const safe: Record<string, string> = {};
  for (const [name, value] of element.attributes) {
    if (SAFE_ATTRIBUTES.has(name.toLowerCase())) safe[name.toLowerCase()] = value.slice(0, 200);
    else if (/^on|^style$|^href$|^src$/i.test(name)) {
      losses.add('attribute-left-out', `The attribute ${name} was left out.`, element.line);
    }
  }
  return Object.keys(safe).length === 0 ? null : safe;
}

/** Neighbouring texts as one, since comments and unwrapped elements leave them in pieces. */
function joined(nodes: BodyNode[]): BodyNode[] {
  const result: BodyNode[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') {
      last.text = (last.text + node.text).replace(/ +/g, ' ');
    } else if (node.kind !== 'text' || node.text !== '') result.push(node);
  }
  return result;
}

function trimmed(nodes: BodyNode[]): BodyNode[] {
  const [first, last] = [nodes[0], nodes.at(-1)];
  if (first?.kind === 'text') first.text = first.text.trimStart();
  if (last?.kind === 'text') last.text = last.text.trimEnd();
  return nodes.filter((node) => node.kind !== 'text' || node.text !== '');
}
