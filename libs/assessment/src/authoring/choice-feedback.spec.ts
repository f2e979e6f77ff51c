import { compileItem, feedbackOnTry, plainText, scoreItem } from '../index.js';
import type { Interaction, ResponseValue } from '../index.js';

function compiled(source: object) {
  const result = compileItem({ identifier: 'item', title: 'Item', ...source });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.item;
}

const faultsOf = (source: object) => {
  const result = compileItem({ identifier: 'item', title: 'Item', ...source });
  return result.ok ? [] : result.faults.map(({ pointer }) => pointer);
};

/** The id of the choice with this text. */
function idOf(interaction: Interaction | undefined, text: string): string {
  const lists = Object.values(interaction ?? {})
    .filter(Array.isArray)
    .flat();
  const found = lists.find(
    (one) => 'content' in one && plainText((one as { content: never[] }).content) === text,
  );
  return (found as { id: string } | undefined)?.id ?? 'missing';
}

const CHOICES = [
  { text: 'goes', correct: true, feedback: 'She needs an s.' },
  { text: 'go', feedback: 'Who goes?' },
  { text: 'gone', feedback: 'This needs have.' },
  { text: 'home' },
];

describe('what an author says to a choice', () => {
  const { delivery, scoring } = compiled({
    ...{ type: 'multiple-choice', prompt: 'She ...', choices: CHOICES, tries: { max: 2 } },
  });
  const [interaction] = delivery.interactions;
  const given = (...texts: string[]) => texts.map((text) => idOf(interaction, text));
  const saidTo = (answer: ResponseValue) => {
    const score = scoreItem(scoring, { R1: answer });
    return score.parts[0]?.choiceFeedback?.map(({ text }) => text);
  };

  test('is said to whoever chooses it, right or wrong, in the order of the author', () => {
    expect(saidTo(given('gone', 'goes'))).toEqual(['She needs an s.', 'This needs have.']);
    expect(saidTo(given('go'))).toEqual(['Who goes?']);
  });

  test('is not said where nothing is to be said', () => {
    expect(saidTo(given('home'))).toBeUndefined();
    expect(saidTo(null)).toBeUndefined();
  });

  test('is nothing that a learner is sent beforehand', () => {
    expect(JSON.stringify(delivery)).not.toMatch(/needs/);
  });

  test('is said after a try too', () => {
    const score = scoreItem(scoring, { R1: given('go', 'home') });
    expect(feedbackOnTry(scoring, score)).toEqual([
      { responseId: 'R1', content: [{ kind: 'text', text: 'Who goes?' }] },
    ]);
  });

  test('does not change what the choice earns', () => {
    const plain = CHOICES.map(({ feedback: _, ...choice }) => choice);
    const source = { type: 'multiple-choice', prompt: 'She ...', choices: plain };
    const without = compiled(source).scoring;
    expect(without.parts[0]).not.toHaveProperty('choiceFeedback');
    for (const answer of [given('goes'), given('go'), given('goes', 'home')]) {
      expect(scoreItem(scoring, { R1: answer }).points).toBe(
        scoreItem(without, { R1: answer }).points,
      );
    }
  });
});

test('a single choice and a list in a gap have it as well', () => {
  const single = compiled({ type: 'single-choice', prompt: 'She ...', choices: CHOICES });
  const gap = compiled({
    ...{ type: 'gap-fill', text: 'She {{verb}}.' },
    gaps: { verb: { kind: 'dropdown', choices: CHOICES } },
  });
  for (const { delivery, scoring } of [single, gap]) {
    const choice = idOf(delivery.interactions[0], 'go');
    const [part] = scoreItem(scoring, { R1: choice }).parts;
    expect(part?.choiceFeedback).toEqual([{ choice, text: 'Who goes?' }]);
  }
});

describe('what an author says to a pair', () => {
  const matrix = {
    ...{ type: 'matrix', prompt: 'Countable?', columns: [{ text: 'Yes' }, { text: 'No' }] },
    rows: [
      { text: 'chair', answer: 'Yes' },
      {
        ...{ text: 'advice', answer: 'No' },
        feedback: [{ answer: 'Yes', text: 'A piece of advice.' }],
      },
    ],
  };
  const matching = {
    ...{ type: 'matching', prompt: 'Opposites', distractors: [{ text: 'wet' }] },
    pairs: [
      {
        ...{ left: 'hot', right: 'cold' },
        feedback: [{ answer: 'wet', text: 'Its opposite is dry.' }],
      },
      { left: 'big', right: 'small' },
    ],
  };

  test.each<[object, string, string, string[] | undefined]>([
    [matrix, 'advice', 'Yes', ['A piece of advice.']],
    [matrix, 'advice', 'No', undefined],
    [matrix, 'chair', 'Yes', undefined],
    [matching, 'hot', 'wet', ['Its opposite is dry.']],
    [matching, 'big', 'wet', undefined],
  ])('%#: hangs on both sides', (source, left, right, said) => {
    const { delivery, scoring } = compiled(source);
    const [interaction] = delivery.interactions;
    const pair = `${idOf(interaction, left)} ${idOf(interaction, right)}`;
    const [part] = scoreItem(scoring, { R1: [pair] }).parts;
    expect(part?.choiceFeedback?.map(({ text }) => text)).toEqual(said);
  });

  test('that cannot be made is a fault at its place', () => {
    const odd = [{ answer: 'Perhaps', text: 'Never.' }];
    expect(
      faultsOf({ ...matrix, rows: [{ text: 'chair', answer: 'Yes', feedback: odd }] }),
    ).toEqual(['/rows/0/feedback/0/answer']);
    const [first, second] = matching.pairs;
    expect(faultsOf({ ...matching, pairs: [first, { ...second, feedback: odd }] })).toEqual([
      '/pairs/1/feedback/0/answer',
    ]);
  });
});
