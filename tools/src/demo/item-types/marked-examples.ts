import type { ItemExample } from './example.js';

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

const marked = { points: RUBRIC_POINTS, because: 'the teacher marked it by the rubric' };

/** What people mark: the same marks for every learner who handed something in. */
export const MARKED_EXAMPLES: ItemExample[] = [
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
