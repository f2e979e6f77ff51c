import { correctResponses, scoreItem } from '@parlance/assessment';
import {
  choiceXml,
  declaration,
  entry,
  essayXml,
  gapXml,
  itemXml,
  template,
} from '../../test/qti/packages.js';
import type { ItemParts } from '../../test/qti/packages.js';
import { readItem } from './item.js';
import { sentenceOf } from './losses.js';
import { parseXml } from './xml.js';

/** The item, and what it lost as sentences. */
const read = (parts: ItemParts = {}) => {
  const item = readItem('item.xml', parseXml(Buffer.from(itemXml(parts), 'utf8')));
  return { ...item, warnings: item.losses.map(sentenceOf) };
};

const many = (correct: string[]) => declaration({ cardinality: 'multiple', correct });
const maximum = (value: string) =>
  '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>' +
  '<qti-outcome-declaration identifier="MAXSCORE" cardinality="single" base-type="float">' +
  `<qti-default-value><qti-value>${value}</qti-value></qti-default-value>` +
  '</qti-outcome-declaration>';

test('an item is split into what a learner sees and what scores it', () => {
  const item = read({ attributes: 'xml:lang="en-GB"' });
  expect(item).toEqual({
    file: 'item.xml',
    identifier: 'item',
    title: 'An item',
    version: '3.0',
    losses: [],
    warnings: [],
    delivery: {
      schema: 1,
      identifier: 'item',
      title: 'An item',
      language: 'en-GB',
      body: [{ kind: 'interaction', responseId: 'RESPONSE' }],
      interactions: [
        {
          kind: 'choice',
          responseId: 'RESPONSE',
          cardinality: 'single',
          shuffle: false,
          minChoices: 0,
          maxChoices: 1,
          choices: ['A', 'B', 'C'].map((id) => ({
            id,
            fixed: false,
            content: [{ kind: 'text', text: id }],
          })),
        },
      ],
    },
    scoring: {
      schema: 1,
      identifier: 'item',
      responses: [
        { identifier: 'RESPONSE', cardinality: 'single', baseType: 'identifier', correct: ['A'] },
      ],
      outcomes: [
        { identifier: 'SCORE', cardinality: 'single', baseType: 'float' },
        {
          identifier: 'completionStatus',
          cardinality: 'single',
          baseType: 'identifier',
          defaultValue: ['unknown'],
        },
      ],
      processing: { kind: 'template', name: 'match_correct', responseId: 'RESPONSE' },
      externalScored: false,
      pointsPossible: 1,
      parts: [{ responseId: 'RESPONSE', pointsPossible: 1, humanScored: false, maxValues: 1 }],
    },
  });
});

test('nothing of the key is in what a learner sees', () => {
  const key = 'the-key-nobody-may-see';
  const item = read({
    declarations: declaration({
      baseType: 'string',
      correct: [key],
      mapping: ['default-value="0"', entry(key, 1)],
    }),
    body:
      `${gapXml()}<qti-feedback-block outcome-identifier="F" identifier="x" show-hide="show">` +
      `<p>${key}</p></qti-feedback-block>` +
      `<qti-rubric-block view="scorer"><p>${key}</p></qti-rubric-block>`,
    processing:
      template('map_response') +
      `<qti-modal-feedback outcome-identifier="F" identifier="x" show-hide="show">${key}` +
      '</qti-modal-feedback>',
  });
  expect(JSON.stringify(item.delivery)).not.toContain(key);
  expect(JSON.stringify(item.scoring)).toContain(key);
});

describe('the most choices', () => {
  test('left out, they are raised to the number of right ones, with a warning', () => {
    const item = read({ declarations: many(['A', 'B']), body: choiceXml('') });
    expect(item.delivery.interactions[0]).toMatchObject({ maxChoices: 2 });
    expect(item.scoring.parts[0]).toMatchObject({ maxValues: 2 });
    expect(item.warnings).toEqual([expect.stringContaining('raised to 2')]);
  });

  test('left out with one right choice, they are 1 as the standard says', () => {
    const item = read({ declarations: many(['A']), body: choiceXml('') });
    expect(item.delivery.interactions[0]).toMatchObject({ maxChoices: 1 });
    expect(item.warnings).toEqual([]);
  });

  test('0 is no limit', () => {
    const item = read({ declarations: many(['A', 'B']), body: choiceXml('max-choices="0"') });
    expect(item.delivery.interactions[0]).toMatchObject({ maxChoices: 0 });
    expect(item.scoring.parts[0]).not.toHaveProperty('maxValues');
  });
});

describe('the case of a mapped key', () => {
  const gap = (...entries: string[]) =>
    read({
      declarations: declaration({ baseType: 'string', mapping: ['default-value="0"', ...entries] }),
      body: gapXml(),
      processing: template('map_response'),
    });

  test('does not count where the item does not say, as the schema of 3.0 has it', () => {
    const item = gap(entry('York', 1));
    expect(scoreItem(item.scoring, { RESPONSE: 'york' }).points).toBe(1);
    expect(item.warnings).toEqual([]);
  });

  test('is warned of where variants of one key carry different values', () => {
    const item = gap(entry('York', 1), entry('york', 0.5));
    expect(item.warnings).toEqual([expect.stringContaining('"York" and "york"')]);
    expect(item.warnings[0]).toContain('it is taken not to matter');
  });

  test('is as the item says where it says so', () => {
    const item = gap(entry('York', 1, 'case-sensitive="false"'));
    expect(scoreItem(item.scoring, { RESPONSE: 'york' }).points).toBe(1);
  });
});

describe('what an item is worth', () => {
  const mapped = (attributes: string, choices: string) =>
    read({
      declarations: declaration({
        cardinality: 'multiple',
        mapping: [attributes, entry('A', 1), entry('B', 2), entry('C', -1)],
      }),
      body: choiceXml(choices),
      processing: template('map_response'),
    });

  test('MAXSCORE, where it is declared', () => {
    expect(read({ outcomes: maximum('2.5') }).scoring.pointsPossible).toBe(2.5);
  });

  test('1 by the template match_correct', () => {
    expect(read().scoring.pointsPossible).toBe(1);
  });

  test.each<[string, string, number]>([
    ['', 'max-choices="0"', 3],
    ['', 'max-choices="1"', 2],
    ['upper-bound="2.5"', 'max-choices="0"', 2.5],
  ])('the best a mapping %s with %s can give', (attributes, choices, worth) => {
    expect(mapped(attributes, choices).scoring.pointsPossible).toBe(worth);
  });

  test('what the key earns by the rules, with a warning', () => {
    const item = read({
      processing:
        '<qti-response-processing><qti-response-condition><qti-response-if>' +
        '<qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/>' +
        '</qti-match><qti-set-outcome-value identifier="SCORE">' +
        '<qti-base-value base-type="float">4</qti-base-value></qti-set-outcome-value>' +
        '</qti-response-if></qti-response-condition></qti-response-processing>',
    });
    expect(item.scoring.pointsPossible).toBe(4);
    expect(item.warnings).toEqual([expect.stringContaining('MAXSCORE is missing; 4')]);
    expect(scoreItem(item.scoring, correctResponses(item.scoring)).points).toBe(4);
  });

  test('a key that does not earn it is warned of', () => {
    expect(read({ outcomes: maximum('3') }).warnings).toEqual([
      "The item's own key earns 1 of 3 points.",
    ]);
  });
});

describe('items a person scores', () => {
  const essay = declaration({ baseType: 'string' });
  const external =
    '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" ' +
    'external-scored="human" normal-maximum="6"/>';

  test('an essay with a maximum', () => {
    const item = read({ declarations: essay, outcomes: external, body: essayXml, processing: '' });
    expect(item.scoring).toMatchObject({
      externalScored: true,
      pointsPossible: 6,
      parts: [{ humanScored: true, pointsPossible: 6 }],
    });
    expect(item.delivery.interactions[0]).toMatchObject({ expectedWords: 100 });
    expect(item.warnings).toEqual([]);
  });

  test('an essay without one is worth 1, with a warning', () => {
    const item = read({ declarations: essay, body: essayXml, processing: '' });
    expect(item.scoring.pointsPossible).toBe(1);
    expect(item.warnings).toEqual([expect.stringContaining('MAXSCORE is missing')]);
  });

  test('a generic key does not score an essay', () => {
    const declarations = declaration({ baseType: 'string', correct: ['A'] });
    const item = read({ declarations, body: essayXml });
    expect(scoreItem(item.scoring, { RESPONSE: 'A' }).status).toBe('awaiting-review');
    expect(item.warnings[0]).toContain('a teacher will score it instead');
  });

  test('a choice that does not say how it is scored', () => {
    const item = read({ processing: '' });
    expect(scoreItem(item.scoring, { RESPONSE: 'A' }).status).toBe('awaiting-review');
    expect(item.warnings[0]).toContain('does not say how it is scored');
  });
});

describe('what is shown', () => {
  const bodyOf = (xml: string) => {
    const { delivery, warnings } = read({ body: xml + choiceXml() });
    return { body: delivery.body.slice(0, -1), warnings };
  };

  test('code, styles, handlers and links are left out, and said to be', () => {
    const { body, warnings } = bodyOf(
      '<script>alert(1)</script><p onclick="steal()" style="display:none" class="x" lang="en">' +
        'Read <a href="javascript:steal()">this</a>.</p><iframe src="https://example.org"/>',
    );
    expect(body).toEqual([
      {
        kind: 'element',
        name: 'p',
        attributes: { lang: 'en' },
        children: [{ kind: 'text', text: 'Read this.' }],
      },
    ]);
    expect(warnings.map((warning) => warning.replace(/^Line \d+: /, ''))).toEqual([
      '<script> was left out.',
      '<a> was left out, not its text.',
      'The attribute onclick was left out.',
      'The attribute style was left out.',
      '<iframe> was left out.',
    ]);
  });

  test('words keep the spaces between them and lose those of the indentation', () => {
    const { body } = bodyOf('\n   <p>  She\n      <b>went</b> <i>home</i>. </p>\n');
    expect(JSON.stringify(body)).toContain('" She "');
    expect(body).toHaveLength(2);
    expect(body[1]).toEqual({ kind: 'text', text: ' ' });
  });
});
