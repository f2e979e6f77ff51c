import { SAFE_ATTRIBUTES, SAFE_ELEMENTS } from '@parlance/assessment';
import type { BodyNode } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import type { XmlElement } from './xml.js';
import { attribute, isElement } from './xml-reading.js';

/** What a body reader does with the interactions it meets; null where there can be none. */
export type OnInteraction = (element: XmlElement) => BodyNode;

const MEDIA = new Set(
  (
    'audio canvas embed img math object picture qti-media-interaction source svg track video ' +
    'qti-portable-custom-interaction qti-custom-interaction'
  ).split(' '),
);

/** Never shown, whatever is in them: code, and what would tell a learner the answer. */
const DROPPED = new Set(
  (
    'script style link meta iframe frame form input button template noscript ' +
    'qti-feedback-block qti-feedback-inline qti-modal-feedback qti-stylesheet qti-catalog-info ' +
    'qti-companion-materials-info'
  ).split(' '),
);

const UNWRAPPED_QTI = new Set(['qti-rubric-block', 'qti-content-body', 'qti-prompt']);

/**
 * The content of an element as plain nodes of safe elements. Elements outside the allow-list give
 * up their name and keep their words; code and feedback are left out with a warning.
 *
 * @throws FileFault for what an item cannot do without and this platform cannot show, such as
 * sound: a question without its recording is worse than no question.
 */
export function readBody(
  element: XmlElement,
  warnings: string[],
  onInteraction: OnInteraction | null,
): BodyNode[] {
  return trimmed(contentOf(element, warnings, onInteraction));
}

function contentOf(
  element: XmlElement,
  warnings: string[],
  onInteraction: OnInteraction | null,
): BodyNode[] {
  return joined(
    element.children.flatMap((child): BodyNode[] => {
      if (!isElement(child)) return [{ kind: 'text', text: child.replace(/\s+/g, ' ') }];
      return nodesOf(child, warnings, onInteraction);
    }),
  );
}

function nodesOf(
  element: XmlElement,
  warnings: string[],
  onInteraction: OnInteraction | null,
): BodyNode[] {
  const { name, line } = element;
  if (MEDIA.has(name)) {
    throw new FileFault(
      `<${name}> is not supported: pictures, sound and formulas cannot be imported.`,
      line,
    );
  }
  if (DROPPED.has(name)) {
    warnings.push(`Line ${line}: <${name}> was left out.`);
    return [];
  }
  if (name.endsWith('-interaction')) {
    if (onInteraction === null) throw new FileFault(`<${name}> is out of place.`, line);
    return [onInteraction(element)];
  }
  if (name === 'qti-rubric-block' && !isForLearner(element)) return [];
  if (name.startsWith('qti-') && !UNWRAPPED_QTI.has(name)) {
    throw new FileFault(`<${name}> is not supported.`, line);
  }
  const children = contentOf(element, warnings, onInteraction);
  if (!SAFE_ELEMENTS.has(name)) {
    if (!name.startsWith('qti-'))
      warnings.push(`Line ${line}: <${name}> was left out, not its text.`);
    return children;
  }
  const attributes = safeAttributes(element, warnings);
  return [{ kind: 'element', name, ...(attributes === null ? {} : { attributes }), children }];
}

/** Rubrics for scorers and tutors may tell the answer. */
export function isForLearner(rubric: XmlElement): boolean {
  const views = (attribute(rubric, 'view') ?? 'candidate').split(/\s+/);
  return views.includes('candidate');
}

function safeAttributes(element: XmlElement, warnings: string[]): Record<string, string> | null {
  const safe: Record<string, string> = {};
  for (const [name, value] of element.attributes) {
    if (SAFE_ATTRIBUTES.has(name.toLowerCase())) safe[name.toLowerCase()] = value.slice(0, 200);
    else if (/^on|^style$|^href$|^src$/i.test(name)) {
      warnings.push(`Line ${element.line}: the attribute ${name} was left out.`);
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
