import { SOURCES } from '../../test/sources.js';
import { compileItem, describe as describeItem } from '../index.js';

function described(source: unknown) {
  const compiled = compileItem(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return describeItem(compiled.item.delivery);
}

describe('an item as it is heard', () => {
  test('has a name and an instruction for each interaction, no name twice', () => {
    for (const source of Object.values(SOURCES)) {
      const { interactions, text, language, title } = described(source);
      const labels = interactions.map(({ label }) => label);
      expect(labels.length).toBeGreaterThan(0);
      expect(new Set(labels).size).toBe(labels.length);
      for (const { instruction } of interactions) expect(instruction).toMatch(/^[A-Z].*\.$/);
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
      expect([language, title]).toEqual(['en', source.title]);
    }
  });

  test('numbers gaps in reading order', () => {
    expect(described(SOURCES['open-cloze'])).toMatchObject({
      text: 'I have lived here [gap 1] 2010. I [gap 2] moved.',
      interactions: [
        { responseId: 'R1', label: 'Gap 1', instruction: 'Type your answer.' },
        { responseId: 'R2', label: 'Gap 2', instruction: 'Type your answer.' },
      ],
    });
  });

  test('reads the choices of a list in their gap', () => {
    expect(described(SOURCES['gap-fill']).text).toBe(
      'She [gap 1] to school [gap 2: with, on, by] bus. She [gap 3] it.',
    );
  });

  test('reads prompt and choices of a question', () => {
    expect(described(SOURCES['single-choice'])).toMatchObject({
      text: 'Question 1.\nShe ___ to school every day.\n1. go\n2. going\n3. goes',
      interactions: [{ label: 'Question 1', instruction: 'Choose one answer.' }],
    });
  });

  test('reads both sides of what is to be paired', () => {
    const { text } = described(SOURCES.matching);
    expect(text).toContain('Left: hot; big; early');
    expect(text).toContain('Right: late; small; wet; cold');
  });

  test('reads gaps and bank, and what can be picked', () => {
    expect(described(SOURCES['word-bank']).text).toBe(
      'Question 1.\nI go to [gap 1] by [gap 2].\n1. bus\n2. school\n3. home',
    );
    expect(described(SOURCES['error-spotting']).text).toContain(
      "[She] [don't] [like] [tea], [but]",
    );
  });

  test('reads the stimulus first, and what a picture shows', () => {
    const media = [
      { sha256: 'b'.repeat(64), mediaType: 'image/png', sizeBytes: 9, alt: 'A red bus' },
      { sha256: 'c'.repeat(64), mediaType: 'audio/mpeg', sizeBytes: 9 },
    ];
    const stimulus = { title: 'Buses', text: 'London has many.\n\nThey are red.' };
    const { text } = described({ ...SOURCES['single-choice'], media, stimulus });
    expect(text).toMatch(/^Buses\n\nLondon has many\.\nThey are red\.\n\n\[A red bus\]\[sound\]\n/);
  });

  test.each<[keyof typeof SOURCES, object, string]>([
    ['multiple-choice', {}, 'Choose at least 1 answer.'],
    ['multiple-choice', { minChoices: 0 }, 'Choose any number of answers.'],
    ['multiple-choice', { maxChoices: 3 }, 'Choose 1 to 3 answers.'],
    ['multiple-choice', { minChoices: 0, maxChoices: 3 }, 'Choose up to 3 answers.'],
    ['error-spotting', {}, 'Pick 2 parts of the text.'],
    ['dictation', {}, 'You can play this 3 times.'],
    ['listening', {}, 'You can play this 2 times.'],
    ['essay', {}, 'Write your answer. 80 to 120 words.'],
    ['essay', { minWords: undefined }, 'Write your answer. At most 120 words.'],
    ['essay', { maxWords: undefined }, 'Write your answer. At least 80 words.'],
    ['speaking', {}, 'Record up to 60 seconds of speech.'],
    ['paper', {}, 'Do this on paper; your teacher enters the points.'],
    ['word-order', {}, 'Put these in the right order.'],
    ['word-bank', {}, 'Put a word into each gap.'],
    ['categorise', {}, 'Put each into its category.'],
    ['matrix', {}, 'Pair each on the left with what fits on the right.'],
  ])('says what to do: %s with %j', (type, change, instruction) => {
    expect(described({ ...SOURCES[type], ...change }).interactions[0]?.instruction).toBe(
      instruction,
    );
  });
});
