import type { Losses } from '../losses.js';
import type { ExportVersion } from './export-version.js';
import { el } from './xml-writing.js';
import type { XmlContent } from './xml-writing.js';

/**
 * What the schemas of QTI 2.2 and 3.0 let stand where. Both take a strict subset of HTML, smaller
 * than what an item here may hold, and readers that check refuse a file for one element too many.
 */
export type Place =
  /** Blocks and nothing beside them: the body of an item, a rubric, a text with gaps. */
  | 'blocks'
  /** Blocks and text: a prompt, a choice, a cell. */
  | 'flow'
  /** Text and what marks it: words that can be picked, a heading. */
  | 'inline';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const BLOCKS = words(
  'blockquote div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul ' +
    'qti-choice-interaction qti-extended-text-interaction qti-order-interaction ' +
    'qti-match-interaction qti-associate-interaction qti-gap-match-interaction ' +
    'qti-hottext-interaction qti-select-point-interaction qti-slider-interaction ' +
    'qti-media-interaction qti-upload-interaction qti-rubric-block audio video',
);

const INLINE = words(
  'abbr b bdi bdo br cite code dfn em i img kbd object q rp rt ruby samp small span strong sub ' +
    'sup var',
);

/** They hold text alone, so one that holds a block is written as a `div`. */
export const TEXT_BLOCKS = words('h1 h2 h3 h4 h5 h6 p pre');

/** Elements with a fixed kind of children, and which stands in for a kind that is left out. */
export const PARTS: Readonly<Record<string, { children: readonly string[]; otherwise: string }>> = {
  ul: { children: ['li'], otherwise: 'li' },
  ol: { children: ['li'], otherwise: 'li' },
  dl: { children: ['dt', 'dd'], otherwise: 'dd' },
  table: {
    children: ['caption', 'col', 'colgroup', 'thead', 'tfoot', 'tbody'],
    otherwise: 'tbody',
  },
  thead: { children: ['tr'], otherwise: 'tr' },
  tbody: { children: ['tr'], otherwise: 'tr' },
  tfoot: { children: ['tr'], otherwise: 'tr' },
  tr: { children: ['td', 'th'], otherwise: 'td' },
  colgroup: { children: ['col'], otherwise: 'col' },
};

const BOTH_LACK = { del: 'span', ins: 'span', mark: 'span', s: 'span', u: 'span' };

/** What is written for elements that a version lacks. */
const INSTEAD: Readonly<Record<ExportVersion, Readonly<Record<string, string>>>> = {
  '3.0': BOTH_LACK,
  '2.2': {
    ...BOTH_LACK,
    ...{ bdi: 'span', ruby: 'span', rt: 'span', rp: 'span', figure: 'div', figcaption: 'div' },
  },
};

interface Version {
  version: ExportVersion;
  losses: Losses;
}

/** The name an element is written under. */
export function nameIn(place: Place, name: string, { version, losses }: Version): string {
  const known = INSTEAD[version][name] ?? name;
  const fitting = place === 'inline' ? inlineName(known) : flowName(known);
  if (fitting !== name) {
    const detail = `QTI ${version} has no <${name}> there; <${fitting}> was written.`;
    addOnce(losses, 'element-unwrapped', detail);
  }
  return fitting;
}

function inlineName(name: string): string {
  if (name === 'hr') return 'br';
  return INLINE.has(name) ? name : 'span';
}

/** Cells, rows and the like outside a table are no more than boxes. */
function flowName(name: string): string {
  return INLINE.has(name) || BLOCKS.has(name) || name === 'figcaption' ? name : 'div';
}

export function isInline(name: string): boolean {
  return INLINE.has(name);
}

export function isBlock(content: XmlContent): boolean {
  return typeof content !== 'string' && BLOCKS.has(content.name);
}

/** Content where QTI takes blocks alone: runs of anything else get a paragraph of their own. */
export function inBlocks(content: readonly XmlContent[]): XmlContent[] {
  const isBlank = (one: XmlContent) => typeof one === 'string' && one.trim() === '';
  return grouped(content, isBlock, isBlank, (run) => el('p', {}, run));
}

/** A gap stands in text; in a cell or an entry of a list it gets some around it. */
export function withGapsInText(content: readonly XmlContent[]): XmlContent[] {
  return content.map((one) =>
    typeof one !== 'string' && one.name === 'qti-gap' ? el('span', {}, [one]) : one,
  );
}

/** Runs of what does not fit are put into something that does; runs of blanks are dropped. */
export function grouped<T>(
  content: readonly T[],
  fits: (one: T) => boolean,
  isBlank: (one: T) => boolean,
  wrap: (run: readonly T[]) => T,
): T[] {
  const result: T[] = [];
  let run: T[] = [];
  const close = () => {
    if (!run.every(isBlank)) result.push(wrap(run));
    run = [];
  };
  for (const one of content) {
    if (!fits(one)) {
      run.push(one);
      continue;
    }
    close();
    result.push(one);
  }
  close();
  return result;
}

const WHOLE = /^[1-9]\d{0,5}$/;

const VALUES: Readonly<Record<string, RegExp>> = {
  dir: /^(ltr|rtl|auto)$/,
  lang: /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/,
  colspan: WHOLE,
  rowspan: WHOLE,
  span: WHOLE,
  scope: /^(row|col|rowgroup|colgroup)$/,
};

const OWNERS: Readonly<Record<string, ReadonlySet<string>>> = {
  colspan: words('td th'),
  rowspan: words('td th'),
  scope: words('td th'),
  span: words('col colgroup'),
};

/** The attributes that an element may have under its new name; the others are lost. */
export function fittingAttributes(
  element: string,
  given: Readonly<Record<string, string>>,
  { version, losses }: Version,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const isOwned = OWNERS[name]?.has(element) ?? (name in VALUES || version === '2.2');
    if (isOwned && (VALUES[name]?.test(value) ?? true)) {
      kept[name === 'lang' ? 'xml:lang' : name] = value;
    } else {
      const detail = `QTI ${version} has no ${name} on <${element}>, or not of that value.`;
      addOnce(losses, 'attribute-left-out', detail);
    }
  }
  return kept;
}

function addOnce(losses: Losses, code: 'attribute-left-out' | 'element-unwrapped', detail: string) {
  if (!losses.list.some((one) => one.detail === detail)) losses.add(code, detail);
}
