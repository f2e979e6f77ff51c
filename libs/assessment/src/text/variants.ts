/** Longest pattern, in UTF-16 code units. */
export const MAX_PATTERN_LENGTH = 2_000;
/** Most answers a pattern may stand for; more is a slip of the author's or a sentence too many. */
export const MAX_VARIANTS = 2_000;
/** Most characters all those answers may have together. */
export const MAX_VARIANT_CHARACTERS = 200_000;
const MAX_DEPTH = 20;

export type ParsedPattern =
  | {
      ok: true;
      /** In the order they are written; optional words left out first. */ variants: string[];
    }
  | { ok: false; detail: string };

/**
 * Every answer a pattern of the variant grammar stands for. `(a|b)` is one of several, `[a]` may
 * be left out, both nest and may stand inside a word (`colo[u]r`); a bar outside brackets parts
 * whole answers; a backslash takes the sign after it as it is. Spaces count as one, whatever was
 * left out between them.
 *
 * How many answers there are is counted before any is written out, so a short pattern that stands
 * for millions costs nothing but its fault.
 */
export function parsePattern(pattern: string): ParsedPattern {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return { ok: false, detail: `must be at most ${MAX_PATTERN_LENGTH} characters` };
  }
  try {
    const reader = new PatternReader(pattern);
    const node = reader.readAll();
    const { count, characters } = sizeOf(node);
    if (count > MAX_VARIANTS || characters > MAX_VARIANT_CHARACTERS) {
      return { ok: false, detail: `stands for more than ${MAX_VARIANTS} answers` };
    }
    const variants = new Set(expand(node).map((one) => one.replace(/\s+/g, ' ').trim()));
    if (variants.has('')) return { ok: false, detail: 'would take an empty answer' };
    return { ok: true, variants: [...variants] };
  } catch (error) {
    if (error instanceof PatternError) return { ok: false, detail: error.message };
    throw error;
  }
}

/** A text as a pattern that stands for nothing but it. */
export function escapePattern(text: string): string {
  return text.replace(/[()[\]|\\]/g, '\\$&');
}

type Node = { kind: 'text'; text: string } | { kind: 'sequence' | 'choice'; of: Node[] };

class PatternError extends Error {}

class PatternReader {
  private at = 0;

  constructor(private readonly pattern: string) {}

  readAll(): Node {
    const node = this.alternatives(0);
    if (this.at < this.pattern.length) this.fail(`"${this.pattern[this.at]}" closes nothing`);
    return node;
  }

  private alternatives(depth: number): Node {
    if (depth > MAX_DEPTH) this.fail('brackets are nested too deep');
    const of = [this.sequence(depth)];
    while (this.pattern[this.at] === '|') {
      this.at += 1;
      of.push(this.sequence(depth));
    }
    return { kind: 'choice', of };
  }

  private sequence(depth: number): Node {
    const of: Node[] = [];
    for (;;) {
      const sign = this.pattern[this.at];
      if (sign === undefined || sign === '|' || sign === ')' || sign === ']') break;
      if (sign === '(' || sign === '[') of.push(this.bracket(sign, depth));
      else of.push(this.text());
    }
    return { kind: 'sequence', of };
  }

  private bracket(open: '(' | '[', depth: number): Node {
    const start = this.at;
    this.at += 1;
    const inner = this.alternatives(depth + 1);
    if (this.pattern[this.at] !== (open === '(' ? ')' : ']')) {
      this.at = start;
      this.fail(`"${open}" is not closed`);
    }
    this.at += 1;
    if (open === '(') return inner;
    return { kind: 'choice', of: [{ kind: 'text', text: '' }, inner] };
  }

  private text(): Node {
    let text = '';
    for (;;) {
      const sign = this.pattern[this.at];
      if (sign === undefined || '()[]|'.includes(sign)) return { kind: 'text', text };
      if (sign === '\\') {
        this.at += 1;
        if (this.at >= this.pattern.length) this.fail('a backslash stands for nothing');
      }
      text += this.pattern[this.at];
      this.at += 1;
    }
  }

  private fail(what: string): never {
    throw new PatternError(`cannot be read at character ${this.at + 1}: ${what}`);
  }
}

/** How many answers, and an upper bound of their characters together. */
function sizeOf(node: Node): { count: number; characters: number } {
  if (node.kind === 'text') return { count: 1, characters: node.text.length };
  const sizes = node.of.map(sizeOf);
  if (node.kind === 'choice') {
    return {
      count: sizes.reduce((sum, one) => sum + one.count, 0),
      characters: sizes.reduce((sum, one) => sum + one.characters, 0),
    };
  }
  const count = sizes.reduce((product, one) => product * one.count, 1);
  // Each member's characters come once with every answer of the others.
  const characters = sizes.reduce((sum, one) => sum + (one.characters * count) / one.count, 0);
  return { count, characters };
}

function expand(node: Node): string[] {
  if (node.kind === 'text') return [node.text];
  if (node.kind === 'choice') return node.of.flatMap(expand);
  return node.of.reduce<string[]>(
    (starts, next) => {
      const ends = expand(next);
      return starts.flatMap((start) => ends.map((end) => start + end));
    },
    [''],
  );
}
