import { COLUMNS, isChoiceColumn } from './columns.js';
import type { TableRow } from './read-table.js';

/** What a row says as an author's source, or why it says nothing. */
export type RowSource = { source: Record<string, unknown> } | { fault: string };

type Cells = TableRow['cells'];

/** An item type by the name people write it under. */
const TYPES: Readonly<Record<string, (cells: Cells) => RowSource>> = {
  'single-choice': singleChoice,
  'multiple-choice': multipleChoice,
  'true-false': trueFalse,
  gap: gapFill,
  'short-answer': shortAnswer,
};

const ALIASES: Readonly<Record<string, string>> = {
  choice: 'single-choice',
  single: 'single-choice',
  multiple: 'multiple-choice',
  'gap-fill': 'gap',
  short: 'short-answer',
  'true/false': 'true-false',
  tf: 'true-false',
};

export const ROW_TYPES = Object.keys(TYPES);

/** The row as a source that `compileItem` takes; nothing but the form of cells is judged here. */
export function sourceOf({ cells, extra }: TableRow, identifier: string): RowSource {
  if (extra > 0) return { fault: 'has more cells than the table has columns' };
  const name = (cells.get(COLUMNS.type) ?? '').toLowerCase().replace(/[\s_]+/g, '-');
  const type = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  const make = type !== undefined && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (make === undefined) return { fault: `type must be one of ${ROW_TYPES.join(', ')}` };
  const made = make(cells);
  if ('fault' in made) return made;
  const points = cells.get(COLUMNS.points);
  const worth = Number(points?.replace(',', '.'));
  if (points !== undefined && !Number.isFinite(worth)) return { fault: 'points must be a number' };
  const question = cells.get(COLUMNS.question) ?? '';
  return {
    source: {
      identifier,
      title: cells.get(COLUMNS.title) ?? clipped(question),
      ...(points === undefined ? {} : { points: worth }),
      ...made.source,
    },
  };
}

function clipped(question: string): string {
  const plain = question.replace(/\s+/g, ' ').replace(/\{\{.*?\}\}/g, '___');
  return (plain.length > 80 ? `${plain.slice(0, 79)}…` : plain).toWellFormed();
}

function choicesIn(cells: Cells): [letter: string, text: string][] {
  return [...cells]
    .filter(([name]) => isChoiceColumn(name))
    .map(([name, text]): [string, string] => [name.toUpperCase(), text])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Right answers as letters, else as the texts of choices; several are parted by strokes. */
function choiceSource(type: string, cells: Cells): RowSource {
  const prompt = cells.get(COLUMNS.question);
  if (prompt === undefined) return { fault: 'question is missing' };
  const choices = choicesIn(cells);
  const right = new Set<number>();
  for (const answer of answersIn(cells)) {
    const byLetter = choices.findIndex(([letter]) => letter === answer.toUpperCase());
    const byText = choices.findIndex(([, text]) => text === answer);
    const found = byLetter >= 0 ? byLetter : byText;
    if (found < 0) return { fault: `answer "${answer.slice(0, 60)}" is none of the choices` };
    right.add(found);
  }
  if (right.size === 0) return { fault: 'answer is missing' };
  return {
    source: {
      type,
      prompt,
      choices: choices.map(([, text], index) => ({ text, correct: right.has(index) })),
    },
  };
}

function answersIn(cells: Cells): string[] {
  const answer = cells.get(COLUMNS.answer) ?? '';
  return answer
    .split('|')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function singleChoice(cells: Cells): RowSource {
  return choiceSource('single-choice', cells);
}

function multipleChoice(cells: Cells): RowSource {
  return choiceSource('multiple-choice', cells);
}

const TRUTHS: Readonly<Record<string, string>> = {
  ...{ true: 'true', t: 'true', yes: 'true', false: 'false', f: 'false', no: 'false' },
  ...{ 'not given': 'not-given', 'not-given': 'not-given', ng: 'not-given' },
};

function trueFalse(cells: Cells): RowSource {
  const text = cells.get(COLUMNS.question);
  if (text === undefined) return { fault: 'question is missing' };
  const word = (cells.get(COLUMNS.answer) ?? '').toLowerCase();
  const answer = Object.hasOwn(TRUTHS, word) ? TRUTHS[word] : undefined;
  if (answer === undefined) return { fault: 'answer must be true, false or not given' };
  const notGiven = answer === 'not-given';
  return { source: { type: 'true-false', notGiven, statements: [{ text, answer }] } };
}

/** `___` is the gap; its answer is a pattern, in which a bar parts several. Marks of the text itself work as well. */
function gapFill(cells: Cells): RowSource {
  const question = cells.get(COLUMNS.question);
  if (question === undefined) return { fault: 'question is missing' };
  const answer = cells.get(COLUMNS.answer);
  const gaps = question.match(/_{3,}/g)?.length ?? 0;
  if (gaps === 0 && answer === undefined) return { source: { type: 'gap-fill', text: question } };
  if (gaps !== 1) return { fault: 'question must have one gap, written ___' };
  if (answer === undefined) return { fault: 'answer is missing' };
  const text = question.replace(/_{3,}/, '{{gap}}');
  return { source: { type: 'gap-fill', text, gaps: { gap: { kind: 'typed', accept: [answer] } } } };
}

function shortAnswer(cells: Cells): RowSource {
  const prompt = cells.get(COLUMNS.question);
  if (prompt === undefined) return { fault: 'question is missing' };
  const answer = cells.get(COLUMNS.answer);
  if (answer === undefined) return { fault: 'answer is missing' };
  return { source: { type: 'short-answer', prompt, accept: [answer] } };
}
