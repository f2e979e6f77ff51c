import { SaxesParser } from 'saxes';
import { FileFault } from './file-fault.js';
import { XML_LIMITS } from './limits.js';
import { shown } from './paths.js';

/** An element by its local name: prefixes differ between tools, names do not. */
export interface XmlElement {
  name: string;
  /** The URI; empty where there is none. */
  namespace: string;
  /** By local name; `xml:lang` is `lang` unless there is one without a prefix. */
  attributes: ReadonlyMap<string, string>;
  children: (XmlElement | string)[];
  /** Where it begins, from 1. */
  line: number;
}

/**
 * Reads a document into a tree. It takes no DOCTYPE and so no entity but XML's own five, which
 * leaves nothing to expand and nothing to fetch.
 *
 * @throws FileFault with the line.
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: XmlElement[] = [];
  let root: XmlElement | null = null;
  let [elements, attributes, line] = [0, 0, 1];

  const fault = (reason: string, at = parser.line) => new FileFault(reason, at);
  const addText = (text: string) => open.at(-1)?.children.push(text);

  parser.on('error', (error) => {
    const message = shown(error.message.replace(/^\d+:\d+: /, ''));
    throw fault(`The XML is malformed: ${message.replace(/\.?$/, '.')}`);
  });
  parser.on('doctype', (doctype) => {
    const height = doctype.split('\n').length - 1;
    throw fault('The file has a DOCTYPE, which is not accepted.', parser.line - height);
  });
  parser.on('opentagstart', () => {
    // The parser is one character past the name, which may have been the end of the line.
    line = parser.column === 0 ? parser.line - 1 : parser.line;
    attributes = 0;
    elements += 1;
    if (elements > XML_LIMITS.elements) throw fault('The file has too many elements.');
    if (open.length >= XML_LIMITS.depth) throw fault('Elements are nested too deeply.');
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > XML_LIMITS.attributesPerElement) {
      throw fault('An element has too many attributes.');
    }
  });
  parser.on('opentag', (tag) => {
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: localAttributes(Object.values(tag.attributes)),
      children: [],
      line,
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', addText);
  parser.on('cdata', addText);

  parser.write(decoded(bytes)).close();
  // The assignment in the handler is out of the compiler's sight.
  const document = root as XmlElement | null;
  if (document === null) throw fault('The file has no element.');
  return document;
}

function localAttributes(
  attributes: { prefix: string; local: string; value: string }[],
): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (const { prefix, local, value } of attributes) {
    if (prefix === '' || (prefix === 'xml' && !byName.has(local))) byName.set(local, value);
  }
  return byName;
}

/** XML 1.0 appendix F: a byte order mark, else the declared encoding, else UTF-8. */
function decoded(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  let encoding = /^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  if (start.startsWith('\u00ef\u00bb\u00bf')) encoding = 'utf-8';
  if (start.startsWith('\u00ff\u00fe')) encoding = 'utf-16le';
  if (start.startsWith('\u00fe\u00ff')) encoding = 'utf-16be';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new FileFault(`The file is not text in the encoding it names (${encoding}).`, 1);
  }
}
