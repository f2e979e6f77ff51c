/** The columns a table of items has; `type`, `question` and `answer` are needed. */
export const COLUMNS = {
  identifier: 'identifier',
  type: 'type',
  title: 'title',
  question: 'question',
  answer: 'answer',
  points: 'points',
} as const;

export const NEEDED_COLUMNS = [COLUMNS.type, COLUMNS.question, COLUMNS.answer];

/** Choices are in columns named by a letter. */
export function isChoiceColumn(name: string): boolean {
  return /^[a-h]$/.test(name);
}

export function isKnownColumn(name: string): boolean {
  return isChoiceColumn(name) || Object.values<string>(COLUMNS).includes(name);
}
