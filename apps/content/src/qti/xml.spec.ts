import { FileFault } from './file-fault.js';
import { PACKAGE_LIMITS, XML_LIMITS } from './limits.js';
import { parseXml } from './xml.js';
import { textIn } from './xml-reading.js';

function faultOf(xml: string | Buffer): FileFault {
  try {
    parseXml(Buffer.from(xml as string));
  } catch (error) {
    if (error instanceof FileFault) return error;
    throw error;
  }
  throw new Error('the file was read');
}

test('elements are known by their local name and have the line they begin on', () => {
  const xml =
    '<q:a xmlns:q="urn:q" n="1" q:n="2" xml:lang="en">\n' +
    '  <b\n  x="y">t&amp;<![CDATA[<]]></b></q:a>';
  const root = parseXml(Buffer.from(xml));
  expect(root.name).toBe('a');
  expect([...root.attributes]).toEqual([
    ['n', '1'],
    ['lang', 'en'],
  ]);
  expect(root.children[1]).toMatchObject({ name: 'b', line: 2, children: ['t&', '<'] });
});

test('a DOCTYPE is refused on its line, and with it every entity', () => {
  const laughs = `<?xml version="1.0"?>
<!DOCTYPE a [
  <!ENTITY ha "ha">
  <!ENTITY haha "&ha;&ha;&ha;">
]>
<a>&haha;</a>`;
  expect(faultOf(laughs)).toMatchObject({ line: 2, reason: expect.stringContaining('DOCTYPE') });
  const external = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>';
  expect(faultOf(external)).toMatchObject({ line: 1 });
  expect(faultOf('<a>\n&haha;</a>')).toMatchObject({
    line: 2,
    reason: expect.stringContaining('undefined entity'),
  });
});

test.each<[string, string, number]>([
  ['an end that does not fit', '<a>\n<b>\n</a>', 3],
  ['no end', '<a>\n<b/>', 2],
  ['an attribute twice', '<a>\n<b x="1" x="2"/></a>', 2],
  ['a prefix nobody declared', '<a>\n\n<q:b/></a>', 3],
  ['text before the document', 'hello', 1],
  ['nothing', '', 1],
  ['two documents', '<a/>\n<b/>', 2],
  ['a NUL', '<a>\n\u0000</a>', 2],
])('%s is malformed, and the line is named', (_, xml, line) => {
  expect(faultOf(xml).line).toBe(line);
});

test('depth, elements and attributes are bounded', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
  expect(parseXml(Buffer.from(nested(XML_LIMITS.depth))).name).toBe('a');
  expect(faultOf(nested(XML_LIMITS.depth + 1)).reason).toContain('nested too deeply');
  expect(faultOf(nested(500_000)).reason).toContain('nested too deeply');
  expect(faultOf(`<a>${'<b/>'.repeat(XML_LIMITS.elements)}</a>`).reason).toContain('too many el');
  const attributes = Array.from({ length: 200_000 }, (_, n) => `a${n}="1"`).join(' ');
  expect(faultOf(`<a ${attributes}/>`).reason).toContain('too many attributes');
});

test('text as long as a file may be is read', () => {
  const text = 'x'.repeat(PACKAGE_LIMITS.fileBytes - 7);
  expect(textIn(parseXml(Buffer.from(`<a>${text}</a>`)))).toHaveLength(text.length);
});

test('the encoding is that of the mark, else the one declared, else UTF-8', () => {
  const read = (bytes: Buffer) => textIn(parseXml(bytes));
  expect(read(Buffer.from('<a>café</a>', 'utf8'))).toBe('café');
  expect(read(Buffer.from('\ufeff<a>café</a>', 'utf8'))).toBe('café');
  expect(read(Buffer.from('\ufeff<a>café</a>', 'utf16le'))).toBe('café');
  const latin = '<?xml version="1.0" encoding="ISO-8859-1"?><a>café</a>';
  expect(read(Buffer.from(latin, 'latin1'))).toBe('café');
  expect(faultOf(Buffer.from('<a>caf\u00e9</a>', 'latin1')).reason).toContain('utf-8');
  expect(faultOf('<?xml version="1.0" encoding="klingon"?><a/>').reason).toContain('klingon');
});
