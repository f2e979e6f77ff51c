import { Refusal } from '@parlance/kernel';

/** A table as text, and what was noticed about how it was saved. */
export interface DecodedTable {
  text: string;
  separator: ',' | ';' | '\t';
  warnings: string[];
}

/**
 * A table as spreadsheet programs save it: UTF-8 with or without a byte order mark, or UTF-16 with
 * one, parted by commas, semicolons or tabs.
 *
 * @throws Refusal `table-not-text` with what to do, when it is an older encoding or no text at all:
 * guessing would turn every accent and every quotation mark into something else unnoticed.
 */
export function decodeTable(bytes: Buffer): DecodedTable {
  const warnings: string[] = [];
  let encoding = 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) encoding = 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) encoding = 'utf-16be';
  if (encoding !== 'utf-8') warnings.push('The table is in UTF-16; UTF-8 is what is expected.');
  const text = decoded(bytes, encoding);
  if (text.includes('\u0000')) {
    throw notText('It looks like UTF-16 without a mark, or like no text.');
  }
  const separator = separatorOf(text);
  if (separator !== ',') {
    const name = separator === ';' ? 'semicolons' : 'tabs';
    warnings.push(`The columns are parted by ${name}, and were read so.`);
  }
  return { text, separator, warnings };
}

function decoded(bytes: Buffer, encoding: string): string {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    throw notText('It is a workbook (.xlsx) or another zip.');
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw notText('It is not UTF-8; it may be in Windows-1252, as older programs save it.');
  }
}

function notText(reason: string): Refusal {
  const detail = `The table cannot be read. ${reason} Save it as "CSV UTF-8" and send it again.`;
  return new Refusal('unprocessable', 'table-not-text', detail);
}

/** By the first line, which holds names of columns and so none of the three within. */
function separatorOf(text: string): DecodedTable['separator'] {
  const [heading = ''] = text.split(/\r\n|\r|\n/, 1);
  const count = (separator: string) => heading.split(separator).length - 1;
  if (count(';') > count(',') && count(';') >= count('\t')) return ';';
  return count('\t') > count(',') ? '\t' : ',';
}
