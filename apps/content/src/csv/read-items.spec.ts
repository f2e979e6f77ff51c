import { correctResponses, scoreItem } from '@parlance/assessment';
import { readItemTable } from './read-items.js';
import { readTable, TABLE_LIMITS } from './read-table.js';

const heading = 'type,question,answer,A,B,C,points,identifier';
const read = (...rows: string[]) => readItemTable(Buffer.from([heading, ...rows].join('\r\n')));

const refusalOf = (bytes: Buffer) => {
  try {
    readTable(bytes);
  } catch (error) {
    return error;
  }
  throw new Error('the table was read');
};

test('each kind of item is made, and its key earns its points', async () => {
  const { items, files } = await read(
    'single choice,She ___ tea.,B,like,likes,liking,2,q1',
    'multiple,Past forms?,A|C,went,go,saw,,q2',
    'true/false,Tea is hot.,True,,,,,q3',
    'gap,She ___ home.,went|has gone,,,,,q4',
    "short answer,Negative: I go.,I (do not|don't) go,,,,0.5,q5",
    'gap,She {{=went}} to {{choose: *bed | sleep}}.,,,,,,q6',
  );
  expect(files.map((one) => [one.file, one.outcome, one.reason])).toEqual(
    [2, 3, 4, 5, 6, 7].map((line) => [`row ${line}`, 'imported', undefined]),
  );
  const worth = items.map(({ scoring }) => scoreItem(scoring, correctResponses(scoring)).points);
  expect(worth).toEqual([2, 1, 1, 1, 0.5, 2]);
  const [first, , , gap] = items;
  const [choice] = first?.delivery.interactions ?? [];
  expect(choice).toMatchObject({ kind: 'choice', cardinality: 'single' });
  const [typed] = gap?.delivery.interactions ?? [];
  expect(typed).toMatchObject({ kind: 'text-entry' });
});

test('rows that cannot be used are refused with their line, and the rest is read', async () => {
  const { items, files } = await read(
    'short answer,"Two',
    'lines",yes,,,,,one',
    'essay,Write.,,,,,,two',
    'single choice,Pick.,D,a,b,c,,three',
    'single choice,Pick.,A|B,a,b,c,,four',
    'true-false,It is.,maybe,,,,,five',
    'short answer,Again?,yes,,,,,one',
    'gap,No gap.,x,,,,,six',
    'short answer,Bad pattern,(a,,,,,seven',
    'short answer,Points?,a,,,,many,eight',
    'short answer,Too many,a,,,,1,nine,ten,eleven',
    'short answer,Good,a,,,,,good',
  );
  expect(items.map((one) => one.identifier)).toEqual(['one', 'good']);
  const refused = files.filter((one) => one.outcome === 'refused');
  expect(refused.map(({ line, reason }) => [line, reason])).toEqual([
    [4, expect.stringContaining('type must be one of')],
    [5, expect.stringContaining('"D" is none of the choices')],
    [6, expect.stringContaining('exactly one choice must be correct')],
    [7, expect.stringContaining('true, false or not given')],
    [8, expect.stringContaining('the same item as line 2')],
    [9, expect.stringContaining('one gap')],
    [10, expect.stringContaining('is not closed')],
    [11, expect.stringContaining('points must be a number')],
    [12, expect.stringContaining('more cells')],
  ]);
});

test('the same table again gives the same identifiers', async () => {
  const rows = ['short answer,One?,a,,,,,', 'short answer,Two?,b,,,,,'];
  const [once, again] = [await read(...rows), await read(...rows)];
  expect(once.items.map((one) => one.identifier)).toEqual(again.items.map((one) => one.identifier));
  expect(new Set(once.items.map((one) => one.identifier)).size).toBe(2);
});

describe('how a table was saved', () => {
  const table = 'Type;Question;Answer\nshort answer;"Café; ""ja""?";é\n';

  test.each([
    ['UTF-8', Buffer.from(table)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${table}`)],
    ['UTF-16', Buffer.from(`\ufeff${table}`, 'utf16le')],
  ])('%s with semicolons is read, and it is said', (_, bytes) => {
    const { columns, rows, warnings } = readTable(bytes);
    expect(columns).toEqual(['type', 'question', 'answer']);
    expect(rows[0]?.cells.get('question')).toBe('Café; "ja"?');
    expect(warnings.join()).toContain('semicolons');
  });

  test.each([
    ['Windows-1252', Buffer.from('type,question\ncaf\u00e9', 'latin1'), 'Windows-1252'],
    ['UTF-16 without a mark', Buffer.from('type,question', 'utf16le'), 'UTF-16 without a mark'],
    ['a workbook', Buffer.from('PK\u0003\u0004rest'), 'workbook'],
  ])('%s is refused with what to do', (_, bytes, reason) => {
    expect(refusalOf(bytes)).toMatchObject({
      code: 'table-not-text',
      message: expect.stringContaining(reason),
    });
    expect(refusalOf(bytes)).toMatchObject({
      message: expect.stringContaining('Save it as "CSV UTF-8"'),
    });
  });
});

test.each([
  ['an open quotation mark', 'a,b\n"open,1\n', 'table-malformed'],
  ['a quotation mark in the middle', 'a,b\nx"y,1\n', 'table-malformed'],
  ['no names of columns', '\n\n', 'table-without-columns'],
  ['a name twice', 'type,Type\n1,2\n', 'table-without-columns'],
  ['too many rows', `a\n${'x\n'.repeat(TABLE_LIMITS.rows + 1)}`, 'table-too-large'],
  ['too many columns', `${[...Array(60).keys()].join(',')}\n`, 'table-too-large'],
  ['a row without end', `a\n"${'x'.repeat(TABLE_LIMITS.rowCharacters + 1)}"`, 'table-malformed'],
])('%s is refused', (_, text, code) => {
  expect(refusalOf(Buffer.from(text))).toMatchObject({ kind: 'unprocessable', code });
});

test('a table without the columns that are needed is refused with their names', async () => {
  await expect(readItemTable(Buffer.from('type,text\n'))).rejects.toMatchObject({
    code: 'table-without-columns',
    message: expect.stringContaining('question, answer'),
  });
});
