import type { ItemExample } from './example.js';
import type { MediaRef } from './media.js';

/** What is listened to: a sound that was uploaded to the bank before. */
export function heardExamples(recording: MediaRef): ItemExample[] {
  return [
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
