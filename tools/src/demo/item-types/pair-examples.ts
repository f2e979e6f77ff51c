import type { ItemExample } from './example.js';

export const PAIR_EXAMPLES: ItemExample[] = [
  {
    source: {
      type: 'matrix',
      prompt: 'Which time?',
      columns: [{ text: 'Past' }, { text: 'Present' }, { text: 'Future' }],
      rows: [
        { text: 'went', answer: 'Past' },
        { text: 'goes', answer: 'Present' },
        { text: 'will go', answer: 'Future' },
      ],
    },
    pointsPossible: 3,
    answers: [
      {
        said: [['went = Past', 'goes = Present', 'will go = Future']],
        points: 3,
        because: 'all',
      },
      {
        said: [['went = Past', 'goes = Past', 'will go = Future']],
        points: 2,
        because: '2 rows',
      },
      { said: [['went = Future']], points: 0, because: 'none' },
    ],
  },
  {
    source: {
      type: 'word-bank',
      text: 'We have lunch at {{noon}} and go home in the {{afternoon}}.',
      distractors: ['night'],
    },
    pointsPossible: 2,
    answers: [
      { said: [['noon', 'afternoon']], points: 2, because: 'both gaps' },
      { said: [['noon', 'night']], points: 1, because: 'one gap' },
      { said: [['night', 'noon']], points: 0, because: 'neither' },
    ],
  },
  {
    source: {
      type: 'word-order',
      sentence: 'Every day / she / walks / to work',
      alsoAccept: ['she / walks / to work / every day'],
      points: 2,
    },
    pointsPossible: 2,
    answers: [
      {
        said: [['she', 'walks', 'to work', 'Every day']],
        points: 2,
        because: 'as good an order',
      },
      {
        said: [['she', 'Every day', 'walks', 'to work']],
        points: 0.75,
        because: '3 of 4 in order, halved',
      },
      { said: [null], points: 0, because: 'nothing was put in order' },
    ],
  },
  {
    source: {
      type: 'matching',
      prompt: 'Pair the words that mean nearly the same.',
      pairs: [
        { left: 'big', right: 'large' },
        { left: 'small', right: 'little' },
        { left: 'fast', right: 'quick' },
      ],
      distractors: [{ text: 'slow' }],
    },
    pointsPossible: 3,
    answers: [
      { said: [['fast = quick', 'big = large', 'small = little']], points: 3, because: 'all' },
      { said: [['fast = slow', 'big = large', 'small = little']], points: 2, because: '2 of 3' },
      { said: [['big = little']], points: 0, because: 'none' },
    ],
  },
  {
    source: {
      type: 'categorise',
      prompt: 'Can it be counted?',
      categories: [
        { label: 'Countable', members: [{ text: 'apple' }, { text: 'chair' }] },
        { label: 'Uncountable', members: [{ text: 'water' }, { text: 'advice' }] },
      ],
    },
    pointsPossible: 4,
    answers: [
      {
        said: [
          ['apple = Countable', 'chair = Countable', 'water = Uncountable', 'advice = Uncountable'],
        ],
        points: 4,
        because: 'all',
      },
      {
        said: [
          ['apple = Countable', 'chair = Countable', 'water = Uncountable', 'advice = Countable'],
        ],
        points: 3,
        because: '3 of 4',
      },
      { said: [['apple = Uncountable']], points: 0, because: 'none' },
    ],
  },
  {
    source: {
      type: 'error-spotting',
      prompt: 'Find two mistakes and put them right.',
      text: "She {{don't -> doesn't}} like coffee but she {{drink -> drinks}} tea.",
    },
    pointsPossible: 4,
    answers: [
      { said: [["don't", 'drink'], "doesn't", 'drinks'], points: 4, because: 'found and mended' },
      { said: [["don't", 'coffee'], "doesn't", 'drank'], points: 1, because: 'one correction' },
      { said: [['coffee', 'tea'], null, null], points: 0, because: 'neither found nor mended' },
    ],
  },
];
