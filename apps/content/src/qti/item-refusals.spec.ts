import {
  choiceXml,
  declaration,
  entry,
  gapXml,
  itemXml,
  template,
} from '../../test/qti/packages.js';
import type { ItemParts } from '../../test/qti/packages.js';
import { FileFault } from './file-fault.js';
import { readItem } from './item.js';
import { parseXml } from './xml.js';

function faultOf(parts: ItemParts): FileFault {
  try {
    readItem('item.xml', parseXml(Buffer.from(itemXml(parts), 'utf8')));
  } catch (error) {
    if (error instanceof FileFault) return error;
    throw error;
  }
  throw new Error('the item was read');
}

const maximum = (value: string) =>
  '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>' +
  '<qti-outcome-declaration identifier="MAXSCORE" cardinality="single" base-type="float">' +
  `<qti-default-value><qti-value>${value}</qti-value></qti-default-value>` +
  '</qti-outcome-declaration>';

test('a limit on choices below the number of right ones is refused with its line', () => {
  const declarations = declaration({ cardinality: 'multiple', correct: ['A', 'B'] });
  const fault = faultOf({ declarations, body: choiceXml('max-choices="1"') });
  expect(fault.reason).toBe('The key of "RESPONSE" holds 2 choices, and max-choices allows 1.');
  expect(fault.line).toBe(6);
});

describe('items that are refused', () => {
  const key = declaration({ correct: ['A'] });
  const stimulus = '<qti-assessment-stimulus-ref identifier="s" href="text.xml"/>';
  const keyed = (name: string) => declaration({ correct: [name] });
  const rules = (xml: string) => ({
    processing: `<qti-response-processing>${xml}</qti-response-processing>`,
  });
  const set = (expression: string, identifier = 'SCORE') =>
    rules(
      `<qti-set-outcome-value identifier="${identifier}">${expression}</qti-set-outcome-value>`,
    );

  test.each<[string, ItemParts, string]>([
    ['a key that is no choice', { declarations: keyed('Z') }, 'names the choice "Z"'],
    [
      'a mapped key that is no choice',
      { declarations: declaration({ correct: ['A'], mapping: ['', entry('Z', 1)] }) },
      'names the choice "Z"',
    ],
    [
      'two keys for one answer',
      { declarations: declaration({ correct: ['A', 'B'] }) },
      'takes one',
    ],
    ['a choice that is there twice', { body: choiceXml('', ['A', 'A']) }, 'same identifier'],
    ['nothing to choose', { body: choiceXml('', []) }, 'nothing to choose'],
    ['a minimum beyond the choices', { body: choiceXml('min-choices="4"') }, 'never be met'],
    ['no question', { body: '<p>Read this.</p>' }, 'asks nothing'],
    ['an answer nobody declared', { body: gapXml('OTHER') }, '"OTHER" is not declared'],
    ['one answer asked for twice', { body: choiceXml() + choiceXml() }, 'asked for twice'],
    [
      'another kind of question',
      { body: '<qti-hotspot-interaction response-identifier="RESPONSE"/>' },
      'they need areas on a picture',
    ],
    ['code', { body: '<qti-portable-custom-interaction/>' }, 'bring code of their own'],
    ['a sound that is missing', { body: `<audio src="a.mp3"/>${choiceXml()}` }, 'needs a.mp3'],
    [
      'a sound of another server',
      { body: `<audio src="https://example.org/a.mp3"/>${choiceXml()}` },
      'leads out of the package',
    ],
    ['a drawing that may hold code', { body: `<svg/>${choiceXml()}` }, '<svg>'],
    ['a text that is missing', { declarations: `${key}${stimulus}` }, 'needs text.xml'],
    ['an item made from a template', { declarations: '<qti-template-declaration/>' }, 'template'],
    ['an area key', { declarations: declaration({ baseType: 'point' }) }, 'the type identifier'],
    ['an unknown template', { processing: template('map_all') }, 'map_all'],
    ['a template of areas without any', { processing: template('map_response_point') }, 'areas'],
    ['a template without a key', { declarations: declaration({}) }, 'needs a correct response'],
    ['a mapping template without one', { processing: template('map_response') }, 'needs a mapping'],
    ['a MAXSCORE that is no number', { outcomes: maximum('lots') }, 'must be a number'],
    ['a MAXSCORE below 0', { outcomes: maximum('-1') }, 'below 0'],
    ['an operator of one vendor', set('<qti-custom-operator/>'), 'one vendor'],
    ['an unknown operator', set('<qti-outcome-minimum/>'), '<qti-outcome-minimum>'],
    ['an unknown rule', rules('<qti-set-template-value identifier="SCORE"/>'), 'template'],
    ['a drawn number without a limit', set('<qti-random-integer/>'), 'must be a number'],
    ['an unknown function', set('<qti-math-operator name="exec"/>'), '"exec"'],
    ['an unknown variable', set('<qti-variable identifier="NOPE"/>'), '"NOPE"'],
    ['an unknown outcome', set('<qti-null/>', 'NOPE'), '"NOPE", which is no outcome'],
    ['a mapping the rules lack', set('<qti-map-response identifier="RESPONSE"/>'), 'has none'],
    ['too few operands', set('<qti-match><qti-null/></qti-match>'), 'takes 2'],
    [
      'a number that is none',
      set('<qti-base-value base-type="float">x</qti-base-value>'),
      'number',
    ],
    ['an if without a condition', rules('<qti-response-condition/>'), 'no if'],
    [
      'an else before the if',
      rules('<qti-response-condition><qti-response-else/></qti-response-condition>'),
      'out of place',
    ],
  ])('%s', (_, parts, sentence) => {
    const fault = faultOf(parts);
    expect(fault.reason).toContain(sentence);
    expect(fault.line).toBeGreaterThan(0);
  });

  test('an item of an older version, and a file that is something else', () => {
    const readXml = (xml: string) => () => readItem('a.xml', parseXml(Buffer.from(xml)));
    expect(readXml('<questestinterop/>')).toThrow('older QTI version');
    const older = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p0"/>';
    expect(readXml(older)).toThrow('QTI 2.0; 2.1, 2.2 and 3.0 are read');
    expect(readXml('<html/>')).toThrow('not a QTI item');
  });

  test('thousands of map entries', () => {
    const entries = Array.from({ length: 1_001 }, (_, n) => entry(`k${n}`, 1));
    const declarations = declaration({ baseType: 'string', mapping: ['', ...entries] });
    const fault = faultOf({ declarations, body: gapXml(), processing: template('map_response') });
    expect(fault.reason).toContain('too many entries');
  });

  test('thousands of rules, and hundreds of declarations', () => {
    const sum = `<qti-sum>${'<qti-null/>'.repeat(5_000)}</qti-sum>`;
    expect(faultOf(set(sum)).reason).toBe('The item has too many rules.');
    const outcome = (n: number) =>
      `<qti-outcome-declaration identifier="O${n}" cardinality="single" base-type="float"/>`;
    const outcomes = Array.from({ length: 201 }, (_, n) => outcome(n)).join('');
    expect(faultOf({ outcomes }).reason).toBe('There are too many outcomes.');
  });
});
