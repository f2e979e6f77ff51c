import type { MediaRef } from './media.js';

/**
 * What somebody answers, in the words they see: one entry per question of the item, in order. A
 * list picks, orders or pairs; pairs are "left = right"; `null` leaves the question out.
 */
export type Said = (string | string[] | null)[];

export interface ItemExample {
  /** The item as its author writes it. */
  source: Record<string, unknown> & { type: string };
  pointsPossible: number;
  /** What three learners answer and what each must get, worked out by hand. */
  answers: { said: Said; points: number; because: string }[];
}

const RUBRIC = {
  title: 'Writing and speaking, B1',
  criteria: ['Task', 'Language'].map((title) => ({
    id: title.toLowerCase(),
    title,
    levels: [
      { id: 'low', title: 'Hardly', description: 'Not enough to judge.', points: 0 },
      { id: 'middle', title: 'Mostly', description: 'Some of it is there.', points: 3 },
      { id: 'high', title: 'Fully', description: 'Everything is there.', points: 5 },
    ],
  })),
  minPoints: 0,
  maxPoints: 10,
};

/** The levels the teacher chooses for every essay and recording: 3 + 5 of 10 points. */
export const RUBRIC_CHOICE = { task: 'middle', language: 'high' };
export const RUBRIC_POINTS = 8;

/** What the teacher enters for work on paper. */
export const PAPER_POINTS = 4;

const PASSAGE = {
  title: 'A letter from Lisbon',
  text: 'Dear Ana,\n\nIt has rained for three days, so we have seen more museums than beaches.',
};

/** One of every item type; `recording` is a sound that was uploaded to the bank before. */
export function itemExamples(recording: MediaRef): ItemExample[] {
  return [...choiceExamples(), ...textExamples(recording), ...pairExamples(), ...markedExamples()];
}

function choiceExamples(): ItemExample[] {
  return [
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
}

function textExamples(recording: MediaRef): ItemExample[] {
  return [
    {
      source: {
        type: 'gap-fill',
        text: 'Yesterday she {{=went}} home. She {{choose: lives | *has lived | living}} here since May.',
      },
      pointsPossible: 2,
      answers: [
        { said: [' Went', 'has lived'], points: 2, because: 'spaces and case do not count' },
        { said: ['want', 'has lived'], points: 1, because: '"want" is a word of its own, no slip' },
        { said: ['goed', 'lives'], points: 0, because: 'neither' },
      ],
    },
    {
      source: {
        type: 'open-cloze',
        text: 'They have lived here {{for}} ten years, ever {{since}} they were married.',
      },
      pointsPossible: 2,
      answers: [
        { said: ['for', 'since'], points: 2, because: 'both gaps' },
        { said: ['for', 'from'], points: 1, because: 'the first gap' },
        { said: [null, ''], points: 0, because: 'nothing was typed' },
      ],
    },
    {
      source: {
        type: 'c-test',
        text: 'Tom lives in London. He works in a large hospital near the river. He likes it.',
      },
      pointsPossible: 4,
      answers: [
        { said: ['rks', 'rge', 'ar', 'ver'], points: 4, because: 'every missing half' },
        { said: ['works', 'large', 'er', 'sts'], points: 2, because: 'whole words do as well' },
        { said: ['x', 'x', 'x', 'x'], points: 0, because: 'none' },
      ],
    },
    {
      source: {
        type: 'short-answer',
        prompt: 'You are not fond of mornings. Say so with "like": I ...',
        accept: ["I (do not|don't) [really] like mornings"],
        reject: [{ pattern: "I doesn't like mornings", feedback: 'I, you, we, they: do not.' }],
      },
      pointsPossible: 1,
      answers: [
        { said: ['i don\u2019t really like mornings.'], points: 1, because: 'a phone typed it' },
        { said: ['I do not like morninngs'], points: 1, because: 'a slip of the fingers' },
        { said: ["I doesn't like mornings"], points: 0, because: 'with a word on why' },
      ],
    },
    {
      source: {
        type: 'dictation',
        recording,
        points: 8,
        text: 'She has been working here for ten years.',
      },
      pointsPossible: 8,
      answers: [
        { said: ['she has been working here for ten years'], points: 8, because: 'every word' },
        { said: ['She have been working for ten year.'], points: 5, because: '1 - 3/8' },
        { said: ['good morning'], points: 0, because: 'never below 0' },
      ],
    },
    {
      source: {
        type: 'listening',
        recording: { ...recording, maxPlays: 2 },
        questions: [
          {
            type: 'single-choice',
            prompt: 'What did you hear?',
            choices: [{ text: 'A tone', correct: true }, { text: 'A voice' }],
          },
        ],
      },
      pointsPossible: 1,
      answers: [
        { said: ['A tone'], points: 1, because: 'after one of two plays' },
        { said: ['A voice'], points: 0, because: 'it is not the key' },
        { said: [null], points: 0, because: 'nothing was picked' },
      ],
    },
  ];
}

function pairExamples(): ItemExample[] {
  return [
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
            [
              'apple = Countable',
              'chair = Countable',
              'water = Uncountable',
              'advice = Uncountable',
            ],
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
}

/** What people mark: the same marks for every learner who handed something in. */
function markedExamples(): ItemExample[] {
  const marked = { points: RUBRIC_POINTS, because: 'the teacher marked it by the rubric' };
  return [
    {
      source: {
        type: 'essay',
        prompt: 'Write to a friend about your last holiday.',
        minWords: 5,
        maxWords: 120,
        rubric: RUBRIC,
      },
      pointsPossible: 10,
      answers: [
        { said: ['Last summer we went to Lisbon, and it rained every day.'], ...marked },
        { said: ['I go in Lisbon last summer and it rain.'], ...marked },
        { said: ['Lisbon.'], ...marked },
      ],
    },
    {
      source: { type: 'speaking', prompt: 'Talk about your town.', maxSeconds: 60, rubric: RUBRIC },
      pointsPossible: 10,
      answers: Array.from({ length: 3 }, () => ({ said: ['recording'], ...marked })),
    },
    {
      source: { type: 'paper', prompt: 'Draw a map of your town on paper.', points: 5 },
      pointsPossible: 5,
      answers: Array.from({ length: 3 }, () => ({
        said: [],
        points: PAPER_POINTS,
        because: 'the teacher entered it',
      })),
    },
  ];
}
