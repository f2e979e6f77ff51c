import { strToU8, zipSync } from 'fflate';
import type { Zippable } from 'fflate';

const NAMESPACE = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"';

/** A zip of the given files, by path. */
export function zipOf(files: Record<string, string | Uint8Array>): Buffer {
  const entries = Object.entries(files).map(([path, content]) => [
    path,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return Buffer.from(zipSync(Object.fromEntries(entries) as Zippable));
}

/** A manifest that names items, and a test where there is one. */
export function manifestOf(items: readonly string[], test?: string): string {
  const resource = (file: string, kind: string) =>
    `<resource identifier="${file}" type="imsqti_${kind}_xmlv3p0" href="${file}"/>`;
  const resources = items.map((file) => resource(file, 'item'));
  if (test !== undefined) resources.push(resource(test, 'test'));
  return `<manifest identifier="package"><resources>${resources.join('\n')}</resources></manifest>`;
}

/** A package whose manifest names every file as an item, but for `test.xml`. */
export function packageOf(files: Record<string, string | Uint8Array>): Buffer {
  const items = Object.keys(files).filter((file) => file !== 'test.xml');
  const test = 'test.xml' in files ? 'test.xml' : undefined;
  return zipOf({ 'imsmanifest.xml': manifestOf(items, test), ...files });
}

export interface ItemParts {
  identifier?: string;
  attributes?: string;
  declarations?: string;
  outcomes?: string;
  body?: string;
  processing?: string;
}

const SCORE =
  '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>';

export const template = (name: string) =>
  '<qti-response-processing ' +
  `template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/${name}.xml"/>`;

/** A single choice of A, B and C with the key A, but for the parts given. */
export function itemXml(parts: ItemParts = {}): string {
  const {
    identifier = 'item',
    attributes = '',
    declarations = declaration({ correct: ['A'] }),
    outcomes = SCORE,
    body = choiceXml(),
    processing = template('match_correct'),
  } = parts;
  return `<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item ${NAMESPACE} identifier="${identifier}" title="An item" ${attributes}>
${declarations}
${outcomes}
<qti-item-body>${body}</qti-item-body>
${processing}
</qti-assessment-item>`;
}

export interface DeclarationParts {
  identifier?: string;
  cardinality?: string;
  baseType?: string;
  correct?: string[];
  /** Attributes of the mapping, and its entries as XML. */
  mapping?: [attributes: string, ...entries: string[]];
}

export function declaration(parts: DeclarationParts): string {
  const { identifier = 'RESPONSE', cardinality = 'single', baseType = 'identifier' } = parts;
  const values = parts.correct?.map((value) => `<qti-value>${value}</qti-value>`).join('');
  const key = values === undefined ? '' : `<qti-correct-response>${values}</qti-correct-response>`;
  const [attributes, ...entries] = parts.mapping ?? [];
  const mapping =
    attributes === undefined
      ? ''
      : `<qti-mapping ${attributes}>\n${entries.join('\n')}\n</qti-mapping>`;
  const types = `cardinality="${cardinality}" base-type="${baseType}"`;
  return `<qti-response-declaration identifier="${identifier}" ${types}>${key}${mapping}
</qti-response-declaration>`;
}

export function entry(key: string, value: number, attributes = ''): string {
  return `<qti-map-entry map-key="${key}" mapped-value="${value}" ${attributes}/>`;
}

export function choiceXml(attributes = 'max-choices="1"', ids = ['A', 'B', 'C']): string {
  const choices = ids.map(
    (id) => `<qti-simple-choice identifier="${id}">${id}</qti-simple-choice>`,
  );
  return `<qti-choice-interaction response-identifier="RESPONSE" ${attributes}>
${choices.join('')}</qti-choice-interaction>`;
}

export const gapXml = (id = 'RESPONSE') =>
  `<p>Gap: <qti-text-entry-interaction response-identifier="${id}"/></p>`;

export const essayXml =
  '<qti-extended-text-interaction response-identifier="RESPONSE" expected-length="600"/>';

/** A test of one section with a reference to each file. */
export function testXml(files: readonly string[], section = '', attributes = ''): string {
  const references = files.map(
    (file) => `<qti-assessment-item-ref identifier="ref-${file}" href="${file}"/>`,
  );
  return `<qti-assessment-test ${NAMESPACE} identifier="test" title="A test" ${attributes}>
<qti-test-part identifier="part" navigation-mode="linear" submission-mode="individual">
<qti-assessment-section identifier="S1" title="One" visible="true">${section}
${references.join('\n')}
</qti-assessment-section></qti-test-part></qti-assessment-test>`;
}

/** Where the fields of a central directory header are (APPNOTE.TXT 4.3.12). */
const FIELDS = {
  flags: [8, 2],
  crc: [16, 4],
  uncompressedSize: [24, 4],
  attributes: [38, 4],
} as const;

/** The zip with one field of one entry's listing changed, as only a hostile tool writes it. */
export function forged(
  zip: Buffer,
  path: string,
  field: keyof typeof FIELDS,
  value: number,
): Buffer {
  const copy = Buffer.from(zip);
  const signature = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
  let at = copy.indexOf(signature);
  while (at >= 0) {
    const length = copy.readUInt16LE(at + 28);
    if (copy.subarray(at + 46, at + 46 + length).toString('utf8') === path) {
      const [offset, size] = FIELDS[field];
      copy.writeUIntLE(value, at + offset, size);
      return copy;
    }
    at = copy.indexOf(signature, at + 46);
  }
  throw new Error(`${path} is not in the zip`);
}
