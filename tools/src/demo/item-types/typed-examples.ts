import type { ItemExample } from './example.js';

export const TYPED_EXAMPLES: ItemExample[] = [
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
];
