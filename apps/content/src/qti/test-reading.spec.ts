import { assembleForm } from '@parlance/assessment';
import { testXml } from '../../test/qti/packages.js';
import { sentenceOf } from './losses.js';
import { readTest, testStructure, withoutRefused } from './test-reading.js';
import type { TestReading } from './test-reading.js';
import { parseXml } from './xml.js';

const read = (xml: string, file = 'test.xml') => readTest(file, parseXml(Buffer.from(xml, 'utf8')));
const warningsOf = (test: TestReading) => test.losses.map(sentenceOf);

const nested = `<qti-assessment-test identifier="T" title=" A  test ">
<qti-outcome-declaration identifier="MAXSCORE" cardinality="single" base-type="float">
<qti-default-value><qti-value>24.0</qti-value></qti-default-value></qti-outcome-declaration>
<qti-time-limits max-time="2700"/>
<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">
<qti-assessment-section identifier="S" title="Reading" visible="true">
  <qti-selection select="2"/><qti-ordering shuffle="true"/>
  <qti-rubric-block view="candidate">
    <qti-content-body><p>Read.</p></qti-content-body></qti-rubric-block>
  <qti-rubric-block view="scorer"><p>Be kind.</p></qti-rubric-block>
  <qti-assessment-item-ref identifier="a" href="../items/a.xml" fixed="true"/>
  <qti-assessment-section identifier="S2" title="" fixed="true" required="true" visible="true">
    <qti-assessment-item-ref identifier="b" href="b.xml" required="true"/>
  </qti-assessment-section>
  <qti-assessment-item-ref identifier="c" href="c.xml"/>
</qti-assessment-section></qti-test-part></qti-assessment-test>`;

test('sections, instructions, selection, order and limits are read', () => {
  const item = (identifier: string, file: string, given = {}) => ({
    kind: 'item',
    identifier,
    file,
    fixed: false,
    required: false,
    ...given,
  });
  expect(read(nested, 'tests/test.xml')).toEqual({
    file: 'tests/test.xml',
    identifier: 'T',
    title: 'A test',
    pointsPossible: 24,
    timeLimitSeconds: 2700,
    losses: [],
    sections: [
      {
        kind: 'section',
        id: 'S',
        title: 'Reading',
        instructions: [{ kind: 'element', name: 'p', children: [{ kind: 'text', text: 'Read.' }] }],
        select: 2,
        shuffle: true,
        fixed: false,
        required: false,
        members: [
          item('a', 'items/a.xml', { fixed: true }),
          {
            kind: 'section',
            id: 'S2',
            title: 'S2',
            instructions: [],
            select: null,
            shuffle: false,
            fixed: true,
            required: true,
            members: [item('b', 'tests/b.xml', { required: true })],
          },
          item('c', 'tests/c.xml'),
        ],
      },
    ],
  });
});

test('it makes a structure that forms are assembled from', () => {
  const structure = testStructure(read(nested, 'tests/test.xml'), (file) => `version of ${file}`);
  const form = assembleForm(structure, 'seed');
  expect(form).toHaveLength(2);
  expect(form.map((one) => one.itemVersionId)).toContain('version of tests/b.xml');
  expect(form.find((one) => one.identifier === 'b')?.sectionPath).toEqual(['S', 'S2']);
});

test('items that were not imported leave the test, and it says which', () => {
  const test = read(testXml(['a.xml', 'b.xml'], '<qti-selection select="2"/>'));
  const pruned = withoutRefused(test, new Set(['b.xml']));
  expect(pruned.sections[0]?.members).toMatchObject([{ file: 'b.xml' }]);
  expect(warningsOf(pruned)).toEqual([
    'The item "ref-a.xml" of the section "One" was left out, since a.xml was not imported.',
    'The section "One" selects 2 and has 1; it gives all of them.',
  ]);
});

test('what would change who sees what is said to be left out', () => {
  const xml = testXml(
    ['a.xml'],
    '<qti-pre-condition><qti-null/></qti-pre-condition>' +
      '<qti-selection select="1" with-replacement="true"/>' +
      '<qti-assessment-section-ref identifier="R" href="s.xml"/>',
  );
  expect(warningsOf(read(xml))).toEqual([
    'Line 3: A condition on earlier answers was left out.',
    'Line 3: No form holds an item twice, as with-replacement asks.',
    'Line 3: A section in a file of its own was left out.',
  ]);
});

test('a time limit of the only part is that of the test', () => {
  const xml = testXml(['a.xml']).replace(
    '<qti-assessment-section ',
    '<qti-time-limits max-time="90.5"/><qti-assessment-section ',
  );
  expect(read(xml)).toMatchObject({ timeLimitSeconds: 91, losses: [] });
});

test.each<[string, string, string]>([
  ['another document', '<a/>', 'not a QTI test'],
  ['no section', '<qti-assessment-test identifier="T"/>', 'no section'],
  ['no identifier', '<qti-assessment-test/>', 'no identifier'],
  ['a place used twice', testXml(['a.xml', 'a.xml']), 'in the test twice'],
  ['a selection of nothing', testXml(['a.xml'], '<qti-selection/>'), 'no select'],
  ['a selection of less', testXml(['a.xml'], '<qti-selection select="-1"/>'), 'whole number'],
  ['a way out', testXml(['../a.xml']), 'leads out of the package'],
  ['the web', testXml(['https://example.org/a.xml']), 'leads out of the package'],
])('%s is refused', (_, xml, sentence) => {
  expect(() => read(xml)).toThrow(sentence);
});
