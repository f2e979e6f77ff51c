import { SOURCES } from '../../test/sources.js';
import { compileItem, compileSet } from '../index.js';

function faultsOf(source: unknown) {
  const compiled = compileItem(source);
  return compiled.ok ? [] : compiled.faults;
}

describe('a source that is no item is refused', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'single-choice'],
    ['a number', 7],
    ['a list', []],
    ['an unknown type', { type: 'telepathy' }],
    ['the name of an inherited property', { type: 'constructor' }],
    ['a type that cannot be a text', { type: JSON.parse('{"toString":1,"valueOf":1}') }],
    ['an inherited type', Object.create({ type: 'essay' })],
  ])('%s', (_, source) => {
    expect(faultsOf(source)).toEqual([{ pointer: '/type', detail: 'is not an item type' }]);
  });

  test('a set where an item is expected says so', () => {
    expect(faultsOf({ type: 'reading-set' })).toMatchObject([{ pointer: '/type' }]);
  });
});

type Name = keyof typeof SOURCES;
type Case = [name: Name, change: object, pointer: string, detail: RegExp];

describe('a fault points at its place in the source', () => {
  test.each<Case>([
    ['single-choice', { identifier: 'no spaces' }, '/identifier', /letter/],
    ['single-choice', { title: ' ' }, '/title', /empty/],
    ['single-choice', { language: 'English' }, '/language', /BCP 47/],
    ['single-choice', { points: 0 }, '/points', /./],
    ['single-choice', { points: 0.0000001 }, '/points', /./],
    ['single-choice', { 'a/b~c': 1 }, '/a~1b~0c', /not a field/],
    [
      'single-choice',
      { media: [{ sha256: 'x', mediaType: 'audio/mpeg', sizeBytes: 1 }] },
      '/media/0/sha256',
      /hexadecimal/,
    ],
    ['single-choice', { choices: [{ text: 'a' }, { text: 'b' }] }, '/choices', /exactly one.*0/],
    [
      'single-choice',
      { choices: [{ text: 'a', correct: true }, { text: 'a ' }] },
      '/choices/1/text',
      /twice/,
    ],
    [
      'single-choice',
      {
        choices: [
          { text: 'a', correct: true, id: 'x' },
          { text: 'b', id: 'x' },
        ],
      },
      '/choices/1/id',
      /twice/,
    ],
    [
      'single-choice',
      { choices: [{ text: 'a', correct: true, id: 'Correct1' }, { text: 'b' }] },
      '/choices/0/id',
      /must not tell/,
    ],
    ['multiple-choice', { maxChoices: 2 }, '/maxChoices', /3 choices are correct/],
    ['multiple-choice', { minChoices: 4 }, '/minChoices', /only 3/],
    ['multiple-choice', { choices: [{ text: 'a' }, { text: 'b' }] }, '/choices', /no choice/],
    ['true-false', { notGiven: false }, '/statements/1/answer', /notGiven/],
    ['matrix', { rows: [{ text: 'r', answer: 'Maybe' }] }, '/rows/0/answer', /not a column/],
    [
      'matrix',
      { rows: [{ text: 'r', answer: ['Countable', 'Uncountable'] }] },
      '/rows/0/answer',
      /onePerRow/,
    ],
    [
      'matrix',
      { onePerRow: false, rows: [{ text: 'r', answer: ['Countable', 'Countable'] }] },
      '/rows/0/answer',
      /twice/,
    ],
    ['gap-fill', { text: 'No gap.', gaps: {} }, '/text', /has no gap/],
    ['gap-fill', { text: 'A {{gap}}.', gaps: {} }, '/text', /no gap "gap"/],
    ['gap-fill', { text: 'A {{=a}}.' }, '/gaps/really', /not in the text/],
    ['gap-fill', { text: '{{really}} {{really}}' }, '/text', /twice/],
    ['gap-fill', { text: 'A {{=a.', gaps: {} }, '/text', /not closed/],
    ['gap-fill', { text: 'A {{ }} b', gaps: {} }, '/text', /empty/],
    ['gap-fill', { text: 'A }} b', gaps: {} }, '/text', /closes nothing/],
    ['gap-fill', { text: 'A {{=(a}}.', gaps: {} }, '/text', /the gap "\(a" cannot be read/],
    ['gap-fill', { text: 'A {{choose: a | b}}.', gaps: {} }, '/text', /exactly one/],
    ['gap-fill', { text: 'A {{choose: *a}}.', gaps: {} }, '/text', /too few/],
    ['gap-fill', { text: 'A {{choose: *a | a}}.', gaps: {} }, '/text', /twice/],
    ['word-bank', { text: 'No gap.' }, '/text', /has no gap/],
    ['word-bank', { distractors: ['bus'] }, '/distractors/0', /already/],
    ['word-bank', { text: '{{one}}', distractors: [] }, '/text', /no choice/],
    ['open-cloze', { text: 'No gap.' }, '/text', /has no gap/],
    ['open-cloze', { every: 5 }, '/every', /marks already/],
    ['open-cloze', { maxGaps: 1 }, '/text', /more than 1/],
    ['open-cloze', { alsoAccept: { 3: ['x'] } }, '/alsoAccept/3', /no such gap/],
    ['open-cloze', { alsoAccept: { 0: ['x'] } }, '/alsoAccept/0', /./],
    ['c-test', { text: 'One. Two.' }, '/text', /three sentences/],
    ['c-test', { text: 'One. I 2 a. Two.' }, '/text', /no word/],
    ['word-order', { sentence: 'one' }, '/sentence', /nothing to put in order/],
    ['word-order', { sentence: 'a '.repeat(31) }, '/sentence', /more than 30/],
    ['word-order', { alsoAccept: ['she / walks'] }, '/alsoAccept/0', /same chunks/],
    ['word-order', { movable: [{ chunk: 'he', places: [0] }] }, '/movable/0/chunk', /not a chunk/],
    ['word-order', { movable: [{ chunk: 'she', places: [4] }] }, '/movable/0/places', /only 3/],
    [
      'matching',
      {
        pairs: [
          { left: 'a', right: 'b' },
          { left: 'a', right: 'c' },
        ],
      },
      '/pairs/1',
      /twice/,
    ],
    [
      'categorise',
      {
        categories: [
          { label: 'a', members: [] },
          { label: 'b', members: [] },
        ],
      },
      '/categories',
      /nothing to sort/,
    ],
    ['error-spotting', { text: 'All is {{well}} here.' }, '/text', /no mistake/],
    ['error-spotting', { text: '{{bad -> good}}' }, '/text', /nothing right/],
    ['error-spotting', { text: 'a {{bad ->}}' }, '/text', /one side only/],
    ['error-spotting', { alsoAccept: [['a'], ['b'], ['c']] }, '/alsoAccept', /only 2/],
    ['short-answer', { accept: [] }, '/accept', /./],
    ['short-answer', { accept: ['a', '(b'] }, '/accept/1', /character 1: "\(" is not closed/],
    ['short-answer', { accept: ['[a]'] }, '/accept/0', /empty answer/],
    ['short-answer', { accept: ['!'] }, '/accept/0', /empty without/],
    ['short-answer', { accept: [{ pattern: 'a', share: 0.5 }] }, '/accept', /all the points/],
    [
      'short-answer',
      { reject: [{ pattern: "I don't like [green|tea", feedback: 'x' }] },
      '/reject/0/pattern',
      /not closed/,
    ],
    [
      'short-answer',
      { reject: [{ pattern: 'I DON’T really like tea!', feedback: 'x' }] },
      '/reject/0/pattern',
      /is accepted too/,
    ],
    ['dictation', { text: '...' }, '/text', /no word/],
    ['dictation', { text: 'word '.repeat(501) }, '/text', /more than 500/],
    [
      'listening',
      { questions: [{ type: 'short-answer', prompt: 'x', accept: [')'] }] },
      '/questions/0/accept/0',
      /closes nothing/,
    ],
    ['listening', { questions: [{ type: 'listening' }] }, '/questions/0/type', /./],
    ['essay', { minWords: 200 }, '/minWords', /maxWords/],
    ['essay', { rubric: { ...SOURCES.essay.rubric, maxPoints: 6 } }, '/rubric/maxPoints', /give 5/],
    [
      'essay',
      { rubric: { ...SOURCES.essay.rubric, minPoints: 6 } },
      '/rubric/minPoints',
      /maxPoints/,
    ],
    ['speaking', { minSeconds: 61 }, '/minSeconds', /maxSeconds/],
  ])('%s with %j: %s', (name, change, pointer, detail) => {
    const faults = faultsOf({ ...SOURCES[name], ...change });
    expect(faults).toContainEqual({ pointer, detail: expect.stringMatching(detail) });
  });

  test('a rubric names no criterion and no level twice', () => {
    const { rubric } = SOURCES.essay;
    const [first] = rubric.criteria;
    if (first === undefined) throw new Error('the rubric has a criterion');
    const doubled = {
      ...rubric,
      criteria: [first, { ...first, levels: [first.levels[1], first.levels[1]] }],
    };
    expect(faultsOf({ ...SOURCES.essay, rubric: doubled })).toMatchObject([
      { pointer: '/rubric/criteria/1/id' },
      { pointer: '/rubric/criteria/1/levels/1/id' },
      { pointer: '/rubric/maxPoints' },
    ]);
  });

  test('more than fifty faults are not told', () => {
    const extra = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x${index}`, 1]));
    expect(faultsOf({ ...SOURCES.paper, ...extra })).toHaveLength(50);
  });
});

describe('a reading set', () => {
  const { identifier, title } = { identifier: 'set-1', title: 'Cities' };
  const stimulus = { title: 'Cities', text: 'Many people live in cities.' };
  const items = [SOURCES['single-choice'], SOURCES['true-false']];
  const set = { type: 'reading-set', identifier, title, stimulus, items };

  test('becomes items that share one stimulus', () => {
    const compiled = compileSet(set);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
    const stimuli = compiled.items.map((item) => item.delivery.stimulus);
    expect(stimuli[0]).toMatchObject({ title: 'Cities' });
    expect(stimuli[1]).toEqual(stimuli[0]);
    expect(compiled.items.map((item) => item.delivery.identifier)).toEqual([
      'single-choice-1',
      'true-false-1',
    ]);
  });

  test.each<[string, object, string]>([
    [
      'an item with a stimulus of its own',
      { items: [{ ...items[0], stimulus }] },
      '/items/0/stimulus',
    ],
    ['an item at fault', { items: [items[0], { ...items[1], title: '' }] }, '/items/1/title'],
    ['two items of one name', { items: [items[0], items[0]] }, '/items'],
    ['no item', { items: [] }, '/items'],
    ['no stimulus', { stimulus: undefined }, '/stimulus'],
  ])('with %s is refused', (_, change, pointer) => {
    const compiled = compileSet({ ...set, ...change });
    expect(compiled).toMatchObject({ ok: false });
    if (!compiled.ok) expect(compiled.faults.map((one) => one.pointer)).toContain(pointer);
  });
});
