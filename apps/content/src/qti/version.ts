import { FileFault } from './file-fault.js';
import { OPERATOR_ARITY } from '@parlance/assessment';
import type { Losses } from './losses.js';
import { shown } from './paths.js';
import type { XmlElement } from './xml.js';
import { isElement } from './xml-reading.js';

export const QTI_VERSIONS = ['2.1', '2.2', '3.0'] as const;
export type QtiVersion = (typeof QTI_VERSIONS)[number];

/** A document of any version under the names of QTI 3.0, by which alone it is read. */
export interface QtiDocument {
  version: QtiVersion;
  root: XmlElement;
}

/**
 * The version by namespace, else by the form of the root's name, and the document in the names of
 * 3.0: QTI 2's `simpleChoice` is 3.0's `qti-simple-choice`, and its attributes likewise.
 *
 * @throws FileFault for a version that is not read.
 */
export function documentOf(root: XmlElement, losses: Losses): QtiDocument {
  const [, major, minor] = /imsqti(?:asi)?_v(\d)p(\d)/.exec(root.namespace) ?? [];
  const version = QTI_VERSIONS.find((one) => one === `${major}.${minor}`);
  if (version === '3.0') return { version, root };
  if (version !== undefined) return { version, root: renamed(root, root.namespace) };
  if (major !== undefined || root.name === 'questestinterop') {
    const which = major === undefined ? 'an older QTI version' : `QTI ${major}.${minor}`;
    throw new FileFault(`The file is of ${which}; 2.1, 2.2 and 3.0 are read.`, root.line);
  }
  if (!/^assessment[A-Z]/.test(root.name)) return { version: '3.0', root };
  losses.add('version-assumed', 'The file names no QTI version; it was read as 2.1.', root.line);
  return { version: '2.1', root: renamed(root, root.namespace) };
}

/** QTI 2 names without a capital; every other word without one is HTML and keeps its name. */
const PLAIN_WORDS: ReadonlySet<string> = new Set([
  ...Object.keys(OPERATOR_ARITY).filter((name) => !name.includes('-')),
  ...'null variable correct default index repeat substring inside equal'.split(' '),
  ...'value mapping prompt gap hottext stylesheet selection ordering'.split(' '),
]);

/** `durationGTE` is `duration-gte`. */
function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/** Elements of other namespaces, such as MathML, are theirs and stay. */
function renamed(element: XmlElement, namespace: string): XmlElement {
  if (element.namespace !== namespace) return element;
  const { name } = element;
  const isQti = PLAIN_WORDS.has(name) || /[A-Z]/.test(name);
  return {
    ...element,
    name: isQti ? `qti-${kebab(name)}` : name,
    attributes: new Map([...element.attributes].map(([key, value]) => [kebab(key), value])),
    children: element.children.map((child) =>
      isElement(child) ? renamed(child, namespace) : child,
    ),
  };
}

/** @throws FileFault when the root is another than expected. */
export function requireRoot(root: XmlElement, name: string, what: string): void {
  if (root.name === name) return;
  throw new FileFault(`The file is <${shown(root.name)}> and not a QTI ${what}.`, root.line);
}
