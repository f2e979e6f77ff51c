import ts from 'typescript';

/** One way a piece of code could be wrong: what it is replaced by, and the kind of mistake. */
export interface Change {
  kind: string;
  replacement: ts.Expression;
}

const { factory: make, SyntaxKind: Kind } = ts;

/**
 * The changes that can be made to one expression: the operators of Stryker's default set that
 * apply to this language, so that the score can be compared with other projects'.
 */
export function changesTo(node: ts.Expression): Change[] {
  if (ts.isBinaryExpression(node)) return binaryChanges(node);
  if (ts.isPrefixUnaryExpression(node)) return prefixChanges(node);
  if (ts.isPostfixUnaryExpression(node)) {
    const other = node.operator === Kind.PlusPlusToken ? Kind.MinusMinusToken : Kind.PlusPlusToken;
    return [change('update', make.createPostfixUnaryExpression(node.operand, other))];
  }
  if (node.kind === Kind.TrueKeyword) return [change('boolean', make.createFalse())];
  if (node.kind === Kind.FalseKeyword) return [change('boolean', make.createTrue())];
  if (ts.isStringLiteralLike(node)) {
    return [change('string', make.createStringLiteral(node.text === '' ? 'mutated' : ''))];
  }
  if (ts.isTemplateExpression(node)) return [change('string', make.createStringLiteral(''))];
  if (ts.isArrayLiteralExpression(node)) {
    const items = node.elements.length > 0 ? [] : [make.createStringLiteral('mutated')];
    return [change('array', make.createArrayLiteralExpression(items))];
  }
  if (ts.isObjectLiteralExpression(node)) {
    if (node.properties.length === 0) return [];
    return [change('object', make.createObjectLiteralExpression())];
  }
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
    return [change('arrow function', returningNothing())];
  }
  if (ts.isRegularExpressionLiteral(node)) return regexChanges(node);
  if (ts.isCallExpression(node)) return callChanges(node);
  return [];
}

function change(kind: string, replacement: ts.Expression): Change {
  return { kind, replacement };
}

function returningNothing(): ts.ArrowFunction {
  const arrow = make.createToken(Kind.EqualsGreaterThanToken);
  const nothing = make.createIdentifier('undefined');
  return make.createArrowFunction(undefined, undefined, [], undefined, arrow, nothing);
}

/** What a condition can be got wrong as, whatever it says. */
export function constantChanges(kind: string): Change[] {
  return [change(kind, make.createTrue()), change(kind, make.createFalse())];
}

type Operator = ts.BinaryOperator;

const COMPARISONS: Partial<Record<Operator, Operator[]>> = {
  [Kind.EqualsEqualsEqualsToken]: [Kind.ExclamationEqualsEqualsToken],
  [Kind.ExclamationEqualsEqualsToken]: [Kind.EqualsEqualsEqualsToken],
  [Kind.LessThanToken]: [Kind.LessThanEqualsToken, Kind.GreaterThanEqualsToken],
  [Kind.LessThanEqualsToken]: [Kind.LessThanToken, Kind.GreaterThanToken],
  [Kind.GreaterThanToken]: [Kind.GreaterThanEqualsToken, Kind.LessThanEqualsToken],
  [Kind.GreaterThanEqualsToken]: [Kind.GreaterThanToken, Kind.LessThanToken],
};

const LOGIC: Partial<Record<Operator, Operator[]>> = {
  [Kind.AmpersandAmpersandToken]: [Kind.BarBarToken],
  [Kind.BarBarToken]: [Kind.AmpersandAmpersandToken],
};

const ARITHMETIC: Partial<Record<Operator, Operator[]>> = {
  [Kind.QuestionQuestionToken]: [Kind.AmpersandAmpersandToken],
  [Kind.PlusToken]: [Kind.MinusToken],
  [Kind.MinusToken]: [Kind.PlusToken],
  [Kind.AsteriskToken]: [Kind.SlashToken],
  [Kind.SlashToken]: [Kind.AsteriskToken],
  [Kind.PercentToken]: [Kind.AsteriskToken],
  [Kind.AsteriskAsteriskToken]: [Kind.AsteriskToken],
  [Kind.LessThanLessThanToken]: [Kind.GreaterThanGreaterThanToken],
  [Kind.GreaterThanGreaterThanToken]: [Kind.LessThanLessThanToken],
  [Kind.GreaterThanGreaterThanGreaterThanToken]: [Kind.LessThanLessThanToken],
  [Kind.AmpersandToken]: [Kind.BarToken],
  [Kind.BarToken]: [Kind.AmpersandToken],
  [Kind.CaretToken]: [Kind.AmpersandToken],
  [Kind.PlusEqualsToken]: [Kind.MinusEqualsToken],
  [Kind.MinusEqualsToken]: [Kind.PlusEqualsToken],
  [Kind.AsteriskEqualsToken]: [Kind.SlashEqualsToken],
  [Kind.SlashEqualsToken]: [Kind.AsteriskEqualsToken],
  [Kind.CaretEqualsToken]: [Kind.AmpersandEqualsToken],
  [Kind.QuestionQuestionEqualsToken]: [Kind.AmpersandAmpersandEqualsToken],
};

/** Whether an expression is a truth by its operator, so that it can be got wrong as a constant. */
export function isTruth(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const operator = node.operatorToken.kind as Operator;
  return COMPARISONS[operator] !== undefined || LOGIC[operator] !== undefined;
}

function binaryChanges(node: ts.BinaryExpression): Change[] {
  const operator = node.operatorToken.kind as Operator;
  const swapped = (kind: string, operators: Operator[] | undefined) =>
    (operators ?? []).map((other) =>
      change(kind, make.createBinaryExpression(node.left, other, node.right)),
    );
  if (COMPARISONS[operator] !== undefined) {
    return [...constantChanges('condition'), ...swapped('comparison', COMPARISONS[operator])];
  }
  if (LOGIC[operator] !== undefined) {
    return [...constantChanges('condition'), ...swapped('logic', LOGIC[operator])];
  }
  // Texts put together are no sum.
  const isText = [node.left, node.right].some(
    (side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
  );
  return isText ? [] : swapped('arithmetic', ARITHMETIC[operator]);
}

function prefixChanges(node: ts.PrefixUnaryExpression): Change[] {
  const { operand, operator } = node;
  switch (operator) {
    case Kind.ExclamationToken:
      return [change('negation', operand)];
    case Kind.MinusToken:
    case Kind.TildeToken:
      return [change('unary', operand)];
    case Kind.PlusPlusToken:
      return [change('update', make.createPrefixUnaryExpression(Kind.MinusMinusToken, operand))];
    case Kind.MinusMinusToken:
      return [change('update', make.createPrefixUnaryExpression(Kind.PlusPlusToken, operand))];
    default:
      return [];
  }
}

const PAIRS = [
  ['toLowerCase', 'toUpperCase'],
  ['toLocaleLowerCase', 'toLocaleUpperCase'],
  ['some', 'every'],
  ['startsWith', 'endsWith'],
  ['min', 'max'],
] as const;

const SWAPPED = new Map<string, string>(
  PAIRS.flatMap(([one, other]) => [
    [one, other],
    [other, one],
  ]),
);

/** Calls that give back something of the same kind as what they were called on. */
const LEFT_OUT = new Set(
  [
    'trim',
    'filter',
    'sort',
    'toSorted',
    'reverse',
    'toReversed',
    'slice',
    'replace',
    'replaceAll',
  ].concat(['charAt', 'substring', 'normalize', 'join', 'flat']),
);

function callChanges(node: ts.CallExpression): Change[] {
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || ts.isOptionalChain(node)) return [];
  const name = callee.name.text;
  if (LEFT_OUT.has(name)) return [change('method', callee.expression)];
  const other = SWAPPED.get(name);
  if (other === undefined) return [];
  const changed = make.createPropertyAccessExpression(callee.expression, other);
  return [change('method', make.createCallExpression(changed, undefined, node.arguments))];
}

/** Anchors left out, repetitions left out, and classes turned into their opposite. */
function regexChanges(node: ts.RegularExpressionLiteral): Change[] {
  const end = node.text.lastIndexOf('/');
  const [source, flags] = [node.text.slice(1, end), node.text.slice(end)];
  const wrong = new Set<string>();
  if (source.startsWith('^')) wrong.add(source.slice(1));
  if (source.endsWith('$') && !source.endsWith('\\$')) wrong.add(source.slice(0, -1));
  for (const found of source.matchAll(/(?<!\\)\[\^?|\\[dDsSwWpP]|(?<=[\])}\w])[+*?](?!\?)/g)) {
    const [before, after] = [
      source.slice(0, found.index),
      source.slice(found.index + found[0].length),
    ];
    wrong.add(before + opposite(found[0]) + after);
  }
  return [...wrong]
    .filter((text) => text !== '' && isRegex(text, flags.slice(1)))
    .map((text) => change('regex', make.createRegularExpressionLiteral(`/${text}${flags}`)));
}

function opposite(token: string): string {
  if (token === '[') return '[^';
  if (token === '[^') return '[';
  if (!token.startsWith('\\')) return '';
  const letter = token.charAt(1);
  return `\\${letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()}`;
}

function isRegex(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}
