import { block, choice, correct, key, mapping, number, outcome, prompt } from './fixture-xml.js';
import { response, rules, score, set, variable, when } from './fixture-xml.js';
import type { Fixture } from './fixture-xml.js';
import { entry } from './packages.js';

/** Items that score by rules of their own, or by a person. */
export const RULE_FIXTURES: Readonly<Record<string, Fixture>> = {
  'number-entry': {
    declarations: response('single float', key('2.5')),
    body: `<p>${block('text-entry', '', '')}</p>`,
    processing: rules(
      when(
        '<qti-equal tolerance-mode="absolute" tolerance="0.1 0.2" include-upper-bound="false">' +
          `${correct('RESPONSE')}${variable('RESPONSE')}</qti-equal>`,
        set('SCORE', number(2)),
      ),
    ),
    outcomes: `${score}${outcome(
      'MAXSCORE',
      'float',
      '<qti-default-value><qti-value>2</qti-value></qti-default-value>',
    )}`,
  },
  essay: {
    declarations: response('single string'),
    body: block('extended-text', 'expected-length="600"', prompt),
    outcomes: outcome('SCORE', 'float', '', 'external-scored="human" normal-maximum="6"'),
    processing: '',
  },
  order: {
    declarations: response('ordered identifier', key('C', 'A', 'B')),
    body: block(
      'order',
      'orientation="horizontal" shuffle="true"',
      choice('A') + choice('B') + choice('C'),
    ),
    processing: rules(
      when(
        `<qti-match>${variable('RESPONSE')}${correct('RESPONSE')}</qti-match>`,
        set('SCORE', number(2)),
        when(
          `<qti-match>${variable('RESPONSE')}<qti-ordered>` +
            ['C', 'B', 'A']
              .map((id) => `<qti-base-value base-type="identifier">${id}</qti-base-value>`)
              .join('') +
            '</qti-ordered></qti-match>',
          set('SCORE', number(1)),
        ),
      ),
    ),
  },
  adaptive: {
    attributes: 'adaptive="true"',
    declarations: response('single identifier', key('A')),
    body: block('choice', 'max-choices="1"', choice('A') + choice('B')),
    processing: rules(
      when(
        `<qti-match>${variable('RESPONSE')}${correct('RESPONSE')}</qti-match>`,
        set('SCORE', number(1)) +
          set(
            'completionStatus',
            '<qti-base-value base-type="identifier">completed</qti-base-value>',
          ),
      ),
    ),
  },
  'three-gaps': {
    declarations: ['A', 'B', 'C']
      .map((id) =>
        response(
          'single string',
          key('on') +
            mapping(
              'default-value="0"',
              entry('on', 1),
              entry('at', 0.5, 'case-sensitive="false"'),
            ),
          id,
        ),
      )
      .join(''),
    outcomes:
      score +
      outcome(
        'LEVEL',
        'identifier',
        '<qti-interpolation-table default-value="none">' +
          '<qti-interpolation-table-entry source-value="3" target-value="all"/>' +
          '<qti-interpolation-table-entry source-value="1" target-value="some"/>' +
          '</qti-interpolation-table>',
      ) +
      outcome(
        'EXACT',
        'string',
        '<qti-match-table default-value="?"><qti-match-table-entry source-value="2" ' +
          'target-value="two &lt; three"/></qti-match-table>',
      ),
    body: `<p>${['A', 'B', 'C'].map((id) => `<qti-text-entry-interaction response-identifier="${id}"/>`).join(' and ')}</p>`,
    processing: rules(
      set(
        'SCORE',
        `<qti-sum>${['A', 'B', 'C'].map((id) => `<qti-map-response identifier="${id}"/>`).join('')}</qti-sum>`,
      ),
      `<qti-lookup-outcome-value identifier="LEVEL">${variable('SCORE')}</qti-lookup-outcome-value>`,
      '<qti-response-processing-fragment>' +
        `<qti-lookup-outcome-value identifier="EXACT">${variable('SCORE')}` +
        '</qti-lookup-outcome-value></qti-response-processing-fragment>',
      when(`<qti-is-null>${variable('A')}</qti-is-null>`, '<qti-exit-response/>'),
      set('SCORE', `<qti-sum>${variable('SCORE')}${number(0.25)}</qti-sum>`),
    ),
  },
  operators: {
    declarations: response('single string', key('abc')),
    body: `<p>${block('text-entry', '', '')}</p>`,
    processing: rules(
      when(
        '<qti-or><qti-string-match case-sensitive="false" substring="true">' +
          `${variable('RESPONSE')}${correct('RESPONSE')}</qti-string-match>` +
          `<qti-pattern-match pattern="[a-c]+[0-9]{1,3}">${variable('RESPONSE')}` +
          '</qti-pattern-match></qti-or>',
        set(
          'SCORE',
          '<qti-round-to rounding-mode="decimalPlaces" figures="2"><qti-sum>' +
            `<qti-product>${number(0.5)}<qti-math-constant name="pi"/></qti-product>` +
            `<qti-math-operator name="floor">${number(0.5)}</qti-math-operator>` +
            '<qti-stats-operator name="popSD"><qti-multiple>' +
            `${number(1)}${number(3)}</qti-multiple></qti-stats-operator>` +
            '</qti-sum></qti-round-to>',
        ),
        set(
          'SCORE',
          '<qti-integer-to-float><qti-container-size><qti-repeat number-repeats="2">' +
            `${variable('RESPONSE')}</qti-repeat></qti-container-size></qti-integer-to-float>`,
        ),
      ),
    ),
  },
};
