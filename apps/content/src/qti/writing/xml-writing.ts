import { storableText } from '@parlance/kernel';
import type { ExportVersion } from './export-version.js';

/** An element under its QTI 3.0 name; the names of QTI 2 are made when it is written. */
export interface XmlNode {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlContent[];
}

export type XmlContent = XmlNode | string;

export type AttributeValue = string | number | boolean | undefined;

/** Attributes that are undefined are left out. */
export function el(
  name: string,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  children: readonly XmlContent[] = [],
): XmlNode {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    name,
    attributes: Object.fromEntries(given.map(([key, value]) => [key, String(value)])),
    children,
  };
}

/** A whole document. Children of `spread` elements begin a line each; no other space is added. */
export function documentText(root: XmlNode, version: ExportVersion): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, version)}\n`;
}

/** Elements in which white space means nothing, so that their children can have lines. */
const SPREAD: ReadonlySet<string> = new Set(
  (
    'manifest resources resource metadata qti-assessment-item qti-assessment-test ' +
    'qti-response-declaration qti-outcome-declaration qti-mapping qti-area-mapping ' +
    'qti-correct-response qti-test-part qti-assessment-section qti-response-processing ' +
    'qti-response-condition qti-response-if qti-response-else-if qti-response-else'
  ).split(' '),
);

function elementText({ name, attributes, children }: XmlNode, version: ExportVersion): string {
  const written = elementName(name, version);
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${attributeName(name, key, version)}="${escapedAttribute(value)}"`,
  );
  const start = `<${written}${pairs.join('')}`;
  if (children.length === 0) return `${start}/>`;
  const texts = children.map((child) =>
    typeof child === 'string' ? escapedText(child) : elementText(child, version),
  );
  const inner = SPREAD.has(name) ? `\n${texts.join('\n')}\n` : texts.join('');
  return `${start}>${inner}</${written}>`;
}

/** QTI 2 has these in capitals. */
const CAPITALS: Readonly<Record<string, string>> = {
  'duration-lt': 'durationLT',
  'duration-gte': 'durationGTE',
};

function elementName(name: string, version: ExportVersion): string {
  if (version === '3.0' || !name.startsWith('qti-')) return name;
  const bare = name.slice('qti-'.length);
  return CAPITALS[bare] ?? camel(bare);
}

function attributeName(element: string, name: string, version: ExportVersion): string {
  const isQti = element.startsWith('qti-') && !/^(xml|xmlns|xsi|data-|aria-)/.test(name);
  return version === '3.0' || !isQti ? name : camel(name);
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What XML 1.0 has no way to write is left out (section 2.2). */
function writable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  return storableText(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

function escapedText(text: string): string {
  return writable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** White space in an attribute is written as a reference, else it is read as a space. */
function escapedAttribute(text: string): string {
  return escapedText(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;');
}
