import { feedbackOnTry, plainText, scoreItem } from '@parlance/assessment';
import { outcome, rules, score, set, variable, when } from '../../test/qti/fixture-xml.js';
import { choiceXml, essayXml, itemXml } from '../../test/qti/packages.js';
import type { ItemParts } from '../../test/qti/packages.js';
import { readItem } from './item.js';
import { parseXml } from './xml.js';

const read = (parts: ItemParts) =>
  readItem('item.xml', parseXml(Buffer.from(itemXml(parts), 'utf8')));

const base = (type: string, value: string) =>
  `<qti-base-value base-type="${type}">${value}</qti-base-value>`;
const said = (kind: string, identifier: string, inner: string, outcomeId = 'FEEDBACK') =>
  `<qti-${kind} outcome-identifier="${outcomeId}" identifier="${identifier}" show-hide="show">` +
  `${inner}</qti-${kind}>`;
const isFirst = `<qti-equal>${variable('numAttempts')}${base('integer', '1')}</qti-equal>`;
const isRight = `<qti-match>${variable('RESPONSE')}${base('identifier', 'A')}</qti-match>`;

const MOST = outcome(
  'MAXSCORE',
  'float',
  '<qti-default-value><qti-value>2</qti-value></qti-default-value>',
);

/** Right at once earns 2, after a hint 1. */
const HINTING: ItemParts = {
  attributes: 'adaptive="true"',
  outcomes: score + MOST + outcome('FEEDBACK', 'identifier'),
  body:
    choiceXml() +
    said('feedback-block', 'hint', '<p>Read the <em>second</em> line.<img src="x.png"/></p>'),
  processing:
    rules(
      when(
        isRight,
        when(isFirst, set('SCORE', base('float', '2')), set('SCORE', base('float', '1'))) +
          set('FEEDBACK', base('identifier', 'right')) +
          set('completionStatus', base('identifier', 'completed')),
        set('FEEDBACK', base('identifier', 'hint')),
      ),
    ) +
    said('modal-feedback', 'right', '<qti-content-body><p>Well read.</p></qti-content-body>') +
    said('modal-feedback', 'right', '<p>Lost.</p>', 'OTHER'),
};

describe('an adaptive item', () => {
  const { delivery, scoring, losses } = read({
    ...HINTING,
    body: HINTING.body?.replace('<img src="x.png"/>', '') ?? '',
  });

  it('is tried, and what it says lies with the key and not with what a learner sees', () => {
    expect(delivery.tries).toBe(20);
    expect(JSON.stringify(delivery)).not.toMatch(/second|Well read/);
    expect(scoring).toMatchObject({ adaptive: true, tries: { max: 20, showPoints: false } });
    expect(scoring.feedback?.map(({ content }) => plainText(content))).toEqual([
      'Read the second line.',
      'Well read.',
    ]);
    expect(losses.map(({ code }) => code)).toEqual(['feedback-moved', 'feedback-left-out']);
  });

  it.each<[string[], number, boolean, string]>([
    [['B'], 0, false, 'Read the second line.'],
    [['B', 'A'], 1, true, 'Well read.'],
    [['A'], 2, true, 'Well read.'],
  ])('after %j earns %d', (answers, points, completed, words) => {
    const [last, ...earlier] = answers.map((one) => ({ RESPONSE: one })).toReversed();
    const result = scoreItem(scoring, last ?? {}, { tries: earlier.toReversed() });
    expect(result).toMatchObject({ points, completed });
    const content = feedbackOnTry(scoring, result).flatMap((one) => one.content);
    expect(plainText(content)).toBe(words);
  });

  it('that a person marks is answered once, and its feedback left out', () => {
    const byPerson = outcome('SCORE', 'float', '', 'external-scored="human"');
    const outcomes = byPerson + MOST + outcome('FEEDBACK', 'identifier');
    const item = read({ ...HINTING, outcomes });
    expect(item.delivery).not.toHaveProperty('tries');
    expect(item.scoring).not.toHaveProperty('tries');
    expect(item.scoring).not.toHaveProperty('feedback');
    expect(item.losses.filter(({ code }) => code === 'feedback-left-out')).toHaveLength(3);
  });
});

describe('feedback', () => {
  it('within feedback, and pictures within it, are left out', () => {
    const nested = said('feedback-block', 'right', '<p>Nested.</p>');
    const inner = `<p>Hint.</p>${nested}<img src="https://example.org/x.png" alt="a door"/>`;
    const { scoring, losses } = read({
      ...HINTING,
      body: choiceXml() + said('feedback-block', 'hint', inner),
    });
    expect(JSON.stringify(scoring.feedback)).not.toMatch(/Nested|sha256/);
    expect(losses.map(({ code }) => code)).toEqual([
      'feedback-moved',
      'feedback-left-out',
      'external-media-left-out',
      'feedback-left-out',
    ]);
  });

  it('of an item that is answered once is left out as before', () => {
    const item = read({ ...HINTING, attributes: '' });
    expect(item.scoring).not.toHaveProperty('feedback');
    expect(item.losses.filter(({ code }) => code === 'feedback-left-out')).toHaveLength(2);
  });

  it('that asks something is refused', () => {
    const body = choiceXml() + said('feedback-block', 'hint', essayXml);
    expect(() => read({ ...HINTING, body })).toThrow('A question within feedback');
  });
});

describe('what QTI declares itself', () => {
  const byVariable = (name: string) => ({
    processing: rules(when(`<qti-gt>${variable(name)}${base('integer', '1')}</qti-gt>`, '')),
  });

  it('numAttempts may be used by any item, and is 1 where it is answered once', () => {
    const processing = rules(
      when(isFirst, set('SCORE', base('float', '2')), set('SCORE', base('float', '1'))),
    );
    const { scoring } = read({ outcomes: score + MOST, processing });
    expect(scoreItem(scoring, { RESPONSE: 'B' })).toMatchObject({ points: 2 });
  });

  it('duration is not known and refused, as is any other name', () => {
    expect(() => read(byVariable('duration'))).toThrow('"duration", which is not declared');
    expect(() => read(byVariable('numattempts'))).toThrow('which is not declared');
  });
});
