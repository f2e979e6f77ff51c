import type { ItemExample } from './example.js';

const PASSAGE = {
  title: 'A letter from Lisbon',
  text: 'Dear Ana,\n\nIt has rained for three days, so we have seen more museums than beaches.',
};

export const CHOICE_EXAMPLES: ItemExample[] = [
  {
    source: {
      type: 'single-choice',
      prompt: 'She ... to school every day.',
      choices: [{ text: 'go' }, { text: 'goes', correct: true }, { text: 'going' }],
    },
    pointsPossible: 1,
    answers: [
      { said: ['goes'], points: 1, because: 'it is the key' },
      { said: ['go'], points: 0, because: 'it is not the key' },
      { said: [null], points: 0, because: 'nothing was picked' },
    ],
  },
  {
    source: {
      type: 'multiple-choice',
      prompt: 'Which of these are adverbs?',
      points: 3,
      choices: [
        { text: 'quickly', correct: true },
        { text: 'often', correct: true },
        { text: 'well', correct: true },
        { text: 'friendly' },
        { text: 'lovely' },
        { text: 'lonely' },
      ],
    },
    pointsPossible: 3,
    answers: [
      { said: [['well', 'often', 'quickly']], points: 3, because: 'all three, in any order' },
      { said: [['quickly', 'often', 'friendly']], points: 1, because: '(2 hits - 1 wrong) of 3' },
      { said: [['lovely', 'lonely']], points: 0, because: 'never below 0' },
    ],
  },
  {
    source: {
      type: 'true-false',
      statements: [
        { text: '"Advice" has no plural.', answer: 'true' },
        { text: '"Went" is a present form.', answer: 'false' },
      ],
    },
    pointsPossible: 2,
    answers: [
      { said: ['True', 'False'], points: 2, because: 'both statements' },
      { said: ['True', 'True'], points: 1, because: 'one statement of two' },
      { said: ['False', 'True'], points: 0, because: 'neither' },
    ],
  },
  {
    source: {
      type: 'single-choice',
      stimulus: PASSAGE,
      prompt: 'What was the weather like?',
      choices: [{ text: 'Sunny' }, { text: 'Wet', correct: true }, { text: 'Windy' }],
    },
    pointsPossible: 1,
    answers: [
      { said: ['Wet'], points: 1, because: 'the passage says that it rained' },
      { said: ['Sunny'], points: 0, because: 'it is not the key' },
      { said: ['Windy'], points: 0, because: 'it is not the key' },
    ],
  },
];
