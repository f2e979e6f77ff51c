import type { TypedScoring } from '../items/part-scoring.js';
import { contractionKey, mayStandFor, withoutContractions } from './contractions.js';
import { normaliseText, tokensOf } from './normalise.js';
import { isSlip } from './slips.js';
import { isOtherSpelling, spellingKey } from './spelling.js';
import { parsePattern } from './variants.js';

/** What was noticed about an answer that was taken all the same. */
export type TypedNote = 'slip' | 'spelling-variety';

export interface TypedMatch {
  /** Place of the pattern among the author's. */
  index: number;
  /** The answer of that pattern that came nearest, as the author wrote it. */
  variant: string;
  /** 0..1 of the points. */
  share: number;
  notes: TypedNote[];
}

/** One answer a pattern stands for. */
interface Form {
  index: number;
  variant: string;
  share: number;
  tokens: string[];
  /** The tokens without contractions. */
  full: string[];
}

type Answer = Pick<Form, 'tokens' | 'full'>;

/** Compares typed answers with the patterns of one part, which are read once. */
export class TypedMatcher {
  private readonly accepted: Form[];
  private readonly acceptedByKey: Map<string, Form[]>;
  private readonly rejectedByKey: Map<string, Form[]>;

  constructor(private readonly scoring: TypedScoring) {
    this.accepted = this.formsOf(scoring.accepted);
    this.acceptedByKey = this.byKey(this.accepted);
    this.rejectedByKey = this.byKey(
      this.formsOf(scoring.rejected.map(({ pattern }) => ({ pattern, share: 0 }))),
    );
  }

  /** An answer as it is compared. */
  read(text: string): Answer {
    const tokens = tokensOf(normaliseText(text, this.scoring));
    return { tokens, full: this.scoring.contractions ? withoutContractions(tokens) : tokens };
  }

  /** The best accepted answer that this is, contractions and spelling apart. */
  accept(answer: Answer): TypedMatch | null {
    return best(this.among(this.acceptedByKey, answer));
  }

  /** The first of the author's wrong answers that this is. */
  reject(answer: Answer): TypedMatch | null {
    return this.among(this.rejectedByKey, answer)[0] ?? null;
  }

  /** The best accepted answer that this is but for slips of the fingers. */
  acceptWithSlip(answer: Answer): TypedMatch | null {
    const { typos } = this.scoring;
    if (!typos.accept) return null;
    const near = this.accepted.flatMap((form): TypedMatch[] => {
      const notes =
        this.slipsIn(form.tokens, answer.tokens) ?? this.slipsIn(form.full, answer.full);
      return notes === null ? [] : [{ ...matchOf(form, notes), share: form.share * typos.share }];
    });
    return best(near);
  }

  private among(index: Map<string, Form[]>, answer: Answer): TypedMatch[] {
    return (index.get(this.keyOf(answer.full)) ?? []).flatMap((form) => {
      const notes = this.notesBetween(form.full, answer.full);
      return notes === null ? [] : [matchOf(form, notes)];
    });
  }

  private formsOf(patterns: readonly { pattern: string; share: number }[]): Form[] {
    return patterns.flatMap(({ pattern, share }, index) => {
      const parsed = parsePattern(pattern);
      if (!parsed.ok) return [];
      return parsed.variants.map((variant) => ({ index, variant, share, ...this.read(variant) }));
    });
  }

  private byKey(forms: readonly Form[]): Map<string, Form[]> {
    return Map.groupBy(
      forms.filter((form) => form.full.length > 0),
      (form) => this.keyOf(form.full),
    );
  }

  /** Equal for all answers that could be the same; whether they are is decided token by token. */
  private keyOf(tokens: readonly string[]): string {
    const { contractions, spelling } = this.scoring;
    return tokens
      .map((token) => (contractions ? contractionKey(token) : token))
      .map((token) => (spelling === 'any' ? spellingKey(token) : token))
      .join(' ');
  }

  /** What is to be noted of an answer that is this one; null when it is another. */
  private notesBetween(expected: readonly string[], given: readonly string[]): TypedNote[] | null {
    const notes = new Set<TypedNote>();
    for (const [place, token] of expected.entries()) {
      const typed = given[place] ?? '';
      if (this.isSame(token, typed)) continue;
      if (!this.isVariety(token, typed)) return null;
      notes.add('spelling-variety');
    }
    return [...notes];
  }

  /** As `notesBetween`, with a slip in one word of six taken, but in one at least. */
  private slipsIn(expected: readonly string[], given: readonly string[]): TypedNote[] | null {
    if (expected.length !== given.length) return null;
    const notes = new Set<TypedNote>();
    let slips = 1 + Math.floor(expected.length / 6);
    for (const [place, token] of expected.entries()) {
      const typed = given[place] ?? '';
      if (this.isSame(token, typed)) continue;
      if (this.isVariety(token, typed)) {
        notes.add('spelling-variety');
        continue;
      }
      slips -= 1;
      if (slips < 0 || !isSlip(typed, token, this.scoring.typos.contrasts)) return null;
      notes.add('slip');
    }
    return [...notes];
  }

  private isSame(expected: string, given: string): boolean {
    return this.scoring.contractions ? mayStandFor(expected, given) : expected === given;
  }

  private isVariety(expected: string, given: string): boolean {
    return this.scoring.spelling === 'any' && isOtherSpelling(expected, given);
  }
}

const matchers = new WeakMap<TypedScoring, TypedMatcher>();

/** The matcher of a part; made once for as long as the scoring specification is kept. */
export function matcherOf(scoring: TypedScoring): TypedMatcher {
  const known = matchers.get(scoring);
  if (known !== undefined) return known;
  const matcher = new TypedMatcher(scoring);
  matchers.set(scoring, matcher);
  return matcher;
}

function matchOf({ index, variant, share }: Form, notes: TypedNote[]): TypedMatch {
  return { index, variant, share, notes };
}

/** The one worth most; among equals the one with least to note, then the author's first. */
function best(matches: readonly TypedMatch[]): TypedMatch | null {
  return (
    matches.toSorted((a, b) => b.share - a.share || a.notes.length - b.notes.length)[0] ?? null
  );
}
