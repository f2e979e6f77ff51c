import { newId } from '@parlance/kernel';
import type { Interaction } from '../index.js';
import { MAX_ANSWER_VALUES, validateResponses } from '../index.js';

const named = (ids: string, matchMax = 1) =>
  [...ids].map((id) => ({ id, fixed: false, content: [], matchMax }));

/** Only what checking an answer reads; the rest is for showing it. */
const asked = (given: object) => ({ responseId: 'R', ...given }) as unknown as Interaction;

function faultOf(interaction: Interaction, answer: unknown): string | undefined {
  const item = { schema: 1, identifier: 'i', title: 'i', body: [], interactions: [interaction] };
  return validateResponses(item as never, { R: answer })[0]?.detail;
}

const match = asked({
  kind: 'match',
  maxAssociations: 3,
  sources: named('ABC'),
  targets: named('XY', 2),
});

const gapMatch = asked({
  kind: 'gap-match',
  maxAssociations: 0,
  choices: named('AB', 0),
  gaps: [{ id: 'G' }, { id: 'H' }],
});

const associate = asked({ kind: 'associate', maxAssociations: 0, choices: named('ABC', 2) });
const order = asked({ kind: 'order', maxChoices: 0, choices: named('ABC') });
const hottext = asked({ kind: 'hottext', maxChoices: 2, choices: named('ABC') });
const picture = asked({ kind: 'select-point', maxChoices: 2, image: { width: 100, height: 50 } });
const anywhere = asked({ kind: 'select-point', maxChoices: 0, image: { width: 100, height: 50 } });
const slider = asked({ kind: 'slider', lowerBound: -1, upperBound: 2.5 });

test.each<[Interaction, unknown]>([
  [match, ['A X', 'B X', 'C Y']],
  [match, []],
  [gapMatch, ['A G', 'A H']],
  [associate, ['A B', 'B C']],
  [order, ['C', 'A', 'B']],
  [hottext, ['A', 'C']],
  [picture, ['0 0', '99 49']],
  [picture, ['5 5', '5 5']],
  [anywhere, ['1 1', '2 2', '3 3']],
  [slider, '-1'],
  [slider, '2.5'],
  [slider, null],
  [asked({ kind: 'recording' }), newId()],
  [asked({ kind: 'upload' }), newId()],
])('%j takes %j', (interaction, answer) => {
  expect(faultOf(interaction, answer)).toBeUndefined();
});

const NO_PAIR = 'holds a value that is not a pair of this item';
const NO_POINT = 'holds a value that is not a point of the picture';
const NO_NUMBER = 'must be a number from -1 to 2.5, or null';
const flood = (text: string) => Array.from({ length: MAX_ANSWER_VALUES + 1 }, () => text);

test.each<[Interaction, unknown, string]>([
  [match, 'A X', 'must be a list of pairs, or null'],
  [match, flood('A X'), 'must have at most 500 values'],
  [match, ['A X', 'B X', 'C Y', 'A Y'], 'must hold at most 3 pairs'],
  [match, ['A Z'], NO_PAIR],
  [match, ['Z X'], NO_PAIR],
  [match, ['X A'], NO_PAIR],
  [match, ['A'], NO_PAIR],
  [match, ['A X Y'], NO_PAIR],
  [match, [7], NO_PAIR],
  [match, ['A X', 'A X'], 'holds one pair twice'],
  [match, ['A X', 'A Y'], 'uses one choice too often'],
  [gapMatch, ['A G', 'B G'], 'uses one choice too often'],
  [gapMatch, ['A B'], NO_PAIR],
  [associate, ['A B', 'B A'], 'holds one pair twice'],
  [associate, ['A B', 'A C', 'A A'], 'uses one choice too often'],
  [order, ['A', 'A'], 'holds one choice twice'],
  [order, ['Z'], 'holds a value that is not a choice of this item'],
  [order, 'A', 'must be a list of choice identifiers, or null'],
  [order, flood('A'), 'must have at most 500 values'],
  [hottext, ['A', 'B', 'C'], 'must hold at most 2 choices'],
  [picture, '1 1', 'must be a list of points, or null'],
  [picture, ['1 1', '2 2', '3 3'], 'must hold at most 2 points'],
  [anywhere, flood('1 1'), 'must hold at most 500 points'],
  [picture, ['100 0'], NO_POINT],
  [picture, ['0 50'], NO_POINT],
  [picture, ['-1 0'], NO_POINT],
  [picture, ['1'], NO_POINT],
  [picture, ['1 1', '100 0'], NO_POINT],
  [picture, [5], NO_POINT],
  [slider, '-1.5', NO_NUMBER],
  [slider, '2.6', NO_NUMBER],
  [slider, 'x', NO_NUMBER],
  [slider, '1e0', NO_NUMBER],
  [slider, '1.', NO_NUMBER],
  [slider, 1, NO_NUMBER],
  [asked({ kind: 'recording' }), 'x', 'must be the identifier of a finished upload, or null'],
  [asked({ kind: 'upload' }), 7, 'must be the identifier of a finished upload, or null'],
  [asked({ kind: 'media' }), '1', 'is counted by the server and cannot be answered'],
  [asked({ kind: 'paper' }), 'x', 'is answered on paper'],
])('%j refuses %j', (interaction, answer, fault) => {
  expect(faultOf(interaction, answer)).toBe(fault);
});
