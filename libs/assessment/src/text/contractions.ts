const words = (list: string) => new Set(list.split(' '));

/** Words that `'s`, `'d`, `'ll`, `'ve` and `'re` are short forms after, and not a possessive. */
const SUBJECTS = words(
  'i you he she it we they who what where when why how that this these those there here ' +
    'everyone everybody everything someone somebody something nobody nothing one',
);

const AUXILIARIES = words(
  'is are was were do does did has have had would could should might must need ought may dare',
);

const IRREGULAR = new Map(
  Object.entries({
    "can't": ['can', 'not'],
    cannot: ['can', 'not'],
    "won't": ['will', 'not'],
    "shan't": ['shall', 'not'],
    "let's": ['let', 'us'],
    "i'm": ['i', 'am'],
  }),
);

const ENDINGS = words("'s 'd 'll 've 're");

/** What a short form that has two full forms can stand for; the others stand for one. */
const FULL_FORMS: Record<string, string[]> = {
  "'s": ['is', 'has'],
  "'d": ['had', 'would'],
  "'ll": ['will', 'shall'],
};
const SHORT_FORM = new Map(
  Object.entries(FULL_FORMS).flatMap(([short, full]) => full.map((one) => [one, short] as const)),
);

/**
 * Tokens with every contraction written out, so that `don't` and `do not` are the same tokens. A
 * form that may be either of two words (`he's`) keeps its ending as a token of its own, which
 * `mayStandFor` compares. A name with `'s` is left: it is a possessive more often than not.
 */
export function withoutContractions(tokens: readonly string[]): string[] {
  return tokens.flatMap(expanded);
}

function expanded(token: string): string[] {
  const lower = token.toLocaleLowerCase('en');
  const irregular = IRREGULAR.get(lower);
  if (irregular !== undefined) {
    const [first = '', ...rest] = irregular;
    return [token.slice(0, first.length), ...rest];
  }
  if (lower.endsWith("n't") && AUXILIARIES.has(lower.slice(0, -3))) {
    return [token.slice(0, -3), 'not'];
  }
  const at = lower.lastIndexOf("'");
  const ending = lower.slice(at);
  if (at < 1 || !ENDINGS.has(ending) || !SUBJECTS.has(lower.slice(0, at))) return [token];
  if (ending === "'ve") return [token.slice(0, at), 'have'];
  if (ending === "'re") return [token.slice(0, at), 'are'];
  return [token.slice(0, at), ending];
}

/** A token that all forms share which may stand for each other; a first look, not a decision. */
export function contractionKey(token: string): string {
  return SHORT_FORM.get(token.toLocaleLowerCase('en')) ?? token;
}

/** Whether two written-out tokens can be the same word: `'s` and `has` can, `is` and `has` not. */
export function mayStandFor(a: string, b: string): boolean {
  if (a === b) return true;
  const isFormOf = (short: string, full: string) =>
    FULL_FORMS[short]?.includes(full.toLocaleLowerCase('en')) === true;
  return isFormOf(a, b) || isFormOf(b, a);
}
