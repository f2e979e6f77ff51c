import { keysIn } from './keys.js';

const bytes = (text: string) => new TextEncoder().encode(text);

const ITEM = `<qti-assessment-item xmlns="x" identifier="A1" title="t">
  <qti-response-declaration identifier="R1" cardinality="single" base-type="string">
    <qti-correct-response><qti-value>don&apos;t &amp; won&#39;t</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-response-declaration identifier="R2" cardinality="multiple" base-type="identifier">
    <qti-correct-response><qti-value>a</qti-value><qti-value>b</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body><qti-choice-interaction response-identifier="R2">
    <qti-simple-choice identifier="a">A</qti-simple-choice>
    <qti-simple-choice identifier="c">C</qti-simple-choice>
  </qti-choice-interaction></qti-item-body>
</qti-assessment-item>`;

describe('the keys of a package', () => {
  it('are read per item, with a wrong answer beside the right one', () => {
    expect(keysIn({ 'a.xml': bytes(ITEM) }).get('A1')).toEqual({
      responseIds: ['R1', 'R2'],
      correct: { R1: "don't & won't", R2: ['a', 'b'] },
      wrong: { R1: 'something else', R2: ['c'] },
      open: false,
    });
  });

  it('do not come from the references of a test', () => {
    const test = '<qti-assessment-test><qti-assessment-item-ref identifier="A1" href="a.xml"/>';
    expect(keysIn({ 'test.xml': bytes(test) }).size).toBe(0);
  });
});
