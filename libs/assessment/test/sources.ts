const named = (type: string) => ({ type, identifier: `${type}-1`, title: `A ${type} item` });

const sound = {
  sha256: 'a'.repeat(64),
  mediaType: 'audio/mpeg',
  sizeBytes: 120_000,
  durationSeconds: 8,
};

const rubric = {
  title: 'Writing B1',
  maxPoints: 5,
  criteria: [
    {
      id: 'content',
      title: 'Content',
      levels: [
        { id: 'c0', title: 'Off topic', points: 0 },
        { id: 'c2', title: 'On topic', points: 2 },
      ],
    },
    {
      id: 'language',
      title: 'Language',
      levels: [
        { id: 'l0', title: 'Hard to follow', points: 0 },
        { id: 'l3', title: 'Clear', points: 3 },
      ],
    },
  ],
};

/** One whole source of every item type, as an author might write it. */
export const SOURCES = {
  'single-choice': {
    ...named('single-choice'),
    prompt: 'She ___ to school every day.',
    choices: [{ text: 'goes', correct: true }, { text: 'go' }, { text: 'going' }],
  },
  'multiple-choice': {
    ...named('multiple-choice'),
    prompt: 'Which are past forms?',
    choices: [
      { text: 'went', correct: true },
      { text: 'saw', correct: true },
      { text: 'came', correct: true },
      { text: 'go' },
      { text: 'see' },
      { text: 'come' },
    ],
    points: 3,
  },
  'true-false': {
    ...named('true-false'),
    notGiven: true,
    statements: [
      { text: 'The shop opens at nine.', answer: 'true' },
      { text: 'It is open on Sundays.', answer: 'not-given' },
    ],
  },
  matrix: {
    ...named('matrix'),
    prompt: 'Countable or not?',
    columns: [{ text: 'Countable' }, { text: 'Uncountable' }],
    rows: [
      { text: 'chair', answer: 'Countable' },
      { text: 'advice', answer: 'Uncountable' },
      { text: 'news', answer: 'Uncountable' },
    ],
  },
  'gap-fill': {
    ...named('gap-fill'),
    text: 'She {{=goes}} to school {{choose: *by | with | on}} bus. She {{really}} it.',
    gaps: {
      really: {
        kind: 'typed',
        accept: ["(does not|doesn't) [really] like"],
        reject: [{ pattern: "(do not|don't) [really] like", feedback: 'Think of she.' }],
      },
    },
  },
  'word-bank': {
    ...named('word-bank'),
    text: 'I go to {{school}} by {{bus}}.',
    distractors: ['home'],
  },
  'open-cloze': {
    ...named('open-cloze'),
    text: "I have lived here {{since}} 2010. I {{(have not|haven't)}} moved.",
  },
  'c-test': {
    ...named('c-test'),
    text:
      'Many people live in cities. They work there every day and travel home at night. ' +
      'Some of them would like a quieter life. Others love the noise.',
  },
  'word-order': {
    ...named('word-order'),
    sentence: 'every day / she / walks / to work',
    alsoAccept: ['she / walks / to work / every day'],
  },
  matching: {
    ...named('matching'),
    prompt: 'Match the opposites.',
    pairs: [
      { left: 'hot', right: 'cold' },
      { left: 'big', right: 'small' },
      { left: 'early', right: 'late' },
    ],
    distractors: [{ text: 'wet' }],
  },
  categorise: {
    ...named('categorise'),
    prompt: 'Sort the words.',
    categories: [
      { label: 'Fruit', members: [{ text: 'apple' }, { text: 'pear' }] },
      { label: 'Animals', members: [{ text: 'horse' }, { text: 'cow' }] },
    ],
  },
  'error-spotting': {
    ...named('error-spotting'),
    text: "She {{don't -> (does not|doesn't)}} like tea, but she drink it {{since -> for}} years.",
  },
  'short-answer': {
    ...named('short-answer'),
    prompt: 'Say that you do not like tea.',
    accept: ["I (do not|don't) [really] like tea", { pattern: 'I dislike tea', share: 0.5 }],
    reject: [{ pattern: 'I not like tea', feedback: 'You need do.' }],
  },
  dictation: {
    ...named('dictation'),
    recording: { ...sound, maxPlays: 3 },
    text: 'She has been working here for ten years.',
  },
  listening: {
    ...named('listening'),
    recording: { ...sound, maxPlays: 2 },
    questions: [
      {
        type: 'single-choice',
        prompt: 'Where is she going?',
        choices: [{ text: 'To work', correct: true }, { text: 'Home' }],
      },
      { type: 'gap-fill', text: 'She leaves at {{=eight|8}}.', points: 2 },
    ],
  },
  essay: {
    ...named('essay'),
    prompt: 'Write about a journey.',
    minWords: 80,
    maxWords: 120,
    rubric,
  },
  speaking: { ...named('speaking'), prompt: 'Describe your room.', maxSeconds: 60, rubric },
  paper: { ...named('paper'), prompt: 'Do exercise 4 on page 12.', points: 10 },
} as const;
