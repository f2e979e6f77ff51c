import { Losses } from '../../src/qti/index.js';
import { documentOf } from '../../src/qti/version.js';
import { parseXml } from '../../src/qti/xml.js';
import type { XmlElement } from '../../src/qti/xml.js';
import { elementsIn } from '../../src/qti/xml-reading.js';
import { ATTRIBUTES, CHILDREN, ONLY_IN_3, ORDER, REQUIRED, VALUES } from './schema-facts.js';

/** Where a document breaks what the schema of its version demands, as sentences. */
export function schemaFaults(xml: string): string[] {
  const parsed = parseXml(Buffer.from(xml));
  if (parsed.name === 'manifest') return faultsIn(parsed, '3.0');
  const { version, root } = documentOf(parsed, new Losses());
  return faultsIn(root, version);
}

function faultsIn(element: XmlElement, version: string): string[] {
  return [
    ...childFaults(element),
    ...attributeFaults(element, version),
    ...(version !== '3.0' && ONLY_IN_3.has(element.name) ? [`2.2 has no <${element.name}>`] : []),
    ...elementsIn(element).flatMap((child) => faultsIn(child, version)),
  ];
}

function childFaults(element: XmlElement): string[] {
  const { name } = element;
  const children = elementsIn(element).map((child) => child.name);
  const order = ORDER[name];
  const allowed = order ?? CHILDREN[name];
  const strangers = allowed === undefined ? [] : children.filter((one) => !allowed.includes(one));
  const isBlockOnly = name === 'qti-item-body' || name === 'qti-stimulus-body';
  const hasText = element.children.some((one) => typeof one === 'string' && one.trim() !== '');
  return [
    ...strangers.map((child) => `<${child}> in <${name}>`),
    ...(order === undefined || isOrdered(name, children, order) ? [] : [`<${name}> out of order`]),
    ...(isBlockOnly && children.length === 0 ? [`<${name}> is empty`] : []),
    ...(isBlockOnly && hasText ? [`text in <${name}>`] : []),
  ];
}

/** After the words of a bank, and after a prompt, blocks come as they like. */
function isOrdered(name: string, children: readonly string[], order: readonly string[]): boolean {
  const isFree = name === 'qti-gap-match-interaction' || name === 'qti-hottext-interaction';
  const ranks = children.map((child) => {
    const rank = order.indexOf(child);
    return isFree && !child.startsWith('qti-') ? order.length : rank;
  });
  return ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? 0));
}

function attributeFaults({ name, attributes }: XmlElement, version: string): string[] {
  const missing = (REQUIRED[name] ?? []).filter((one) => !attributes.has(one));
  const known = version === '3.0' ? ATTRIBUTES[name] : undefined;
  const strange =
    known === undefined ? [] : [...attributes.keys()].filter((one) => !known.includes(one));
  const wrong = [...attributes].filter(([key, value]) => {
    const form =
      VALUES[`${name} ${key}`] ?? (name.startsWith('qti-') ? VALUES[`* ${key}`] : undefined);
    return form !== undefined && !form.test(value);
  });
  const isTitled = name === 'qti-assessment-stimulus-ref' && attributes.has('title');
  return [
    ...missing.map((one) => `<${name}> without ${one}`),
    ...strange.map((one) => `${one} on <${name}>`),
    ...wrong.map(([key, value]) => `${key}="${value}" on <${name}>`),
    ...(isTitled && version !== '3.0' ? [`title on <${name}>`] : []),
  ];
}
