import ts from 'typescript';
import { changesTo, constantChanges, isTruth } from './mutators.js';
import type { Change } from './mutators.js';

/** One change to one place, that the tests should notice. */
export interface Mutant {
  id: number;
  file: string;
  line: number;
  column: number;
  kind: string;
  original: string;
  replacement: string;
}

export interface Instrumented {
  /** JavaScript that asks at every place whether the mutant of that place is switched on. */
  code: string;
  mutants: Mutant[];
}

/** The function the instrumented code asks; whoever runs it provides it. */
export const SWITCH = '__isMutant';

const { factory: make, SyntaxKind: Kind } = ts;

/**
 * Puts all mutants of a file into one program, each behind a switch ("mutant schemata": Untch,
 * Offutt and Harrold, ISSTA 1993), so that the file is compiled once.
 *
 * @param firstId number of the first mutant; the others count on from it.
 */
export function instrument(file: string, text: string, firstId: number): Instrumented {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true);
  const mutants: Mutant[] = [];
  const printer = ts.createPrinter({ removeComments: true });

  function note(node: ts.Node, kind: string, replacement: string): ts.Expression {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
    const id = firstId + mutants.length;
    const original = node.getText(source);
    mutants.push({ id, file, line: line + 1, column: character + 1, kind, original, replacement });
    const number = make.createNumericLiteral(id);
    return make.createCallExpression(make.createIdentifier(SWITCH), undefined, [number]);
  }

  function behindSwitches(node: ts.Expression, visited: ts.Expression, changes: Change[]) {
    return changes.reduceRight<ts.Expression>((rest, { kind, replacement }) => {
      const shown = printer.printNode(ts.EmitHint.Expression, replacement, source);
      return make.createParenthesizedExpression(
        make.createConditionalExpression(
          note(node, kind, shown),
          undefined,
          make.createParenthesizedExpression(replacement),
          undefined,
          rest,
        ),
      );
    }, visited);
  }

  const transformed = ts.transform(source, [
    (context) => {
      const visit = (node: ts.Node): ts.Node => {
        if (isLeftAlone(node)) return node;
        const visited = ts.visitEachChild(node, visit, context);
        if (ts.isBlock(node) && node.statements.length > 0 && isBody(node)) {
          const nothing = make.createBlock([]);
          const all = make.createBlock((visited as ts.Block).statements);
          return make.createBlock([
            make.createIfStatement(note(node, 'block', '{}'), nothing, all),
          ]);
        }
        if (ts.isCaseClause(node) && node.statements.length > 0) {
          const { expression, statements } = visited as ts.CaseClause;
          const off = make.createLogicalNot(note(node, 'case', 'nothing, and on to the next case'));
          const body = make.createIfStatement(off, make.createBlock(statements));
          return make.createCaseClause(expression, [body]);
        }
        if (!ts.isExpression(node) || !isValue(node)) return visited;
        const changes = [...changesTo(node), ...conditionChanges(node), ...chainChanges(node)];
        return behindSwitches(node, visited as ts.Expression, changes);
      };
      return (root) => ts.visitEachChild(root, visit, context);
    },
  ]);
  const [result] = transformed.transformed;
  const printed = ts.createPrinter().printFile(result as ts.SourceFile);
  return { code: transpile(printed), mutants };
}

export function transpile(text: string): string {
  const options = { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(text, { compilerOptions: options }).outputText;
}

/** Types, imports and the names of things hold no behaviour. */
function isLeftAlone(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    (ts.isPropertyName(node) && isNameOf(node)) ||
    // "use strict" and its like.
    (ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression))
  );
}

function isNameOf(node: ts.Node): boolean {
  const parent = node.parent as ts.Node & { name?: ts.Node; propertyName?: ts.Node };
  return parent.name === node || parent.propertyName === node;
}

/** Blocks that do something when they are reached; those of classes and modules are not. */
function isBody(node: ts.Block): boolean {
  return !ts.isTryStatement(node.parent) && !ts.isCatchClause(node.parent);
}

/** Whether something else can stand where an expression stands. */
function isValue(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(node) || (ts.isPropertyName(node) && isNameOf(node)))
    return false;
  // A link of a?.b.c cannot be replaced alone: the chain ends where it stops being one.
  if (ts.isOptionalChain(parent) && parent.expression === node) return false;
  if (ts.isBinaryExpression(parent) && parent.left === node) {
    const operator = parent.operatorToken.kind;
    return operator < Kind.FirstAssignment || operator > Kind.LastAssignment;
  }
  return !ts.isForOfStatement(parent) || parent.initializer !== (node as ts.Node);
}

/** Conditions that are not truths by their operator; those have these changes already. */
function conditionChanges(node: ts.Expression): Change[] {
  const { parent } = node;
  const isLoop =
    (ts.isWhileStatement(parent) && parent.expression === node) ||
    (ts.isForStatement(parent) && parent.condition === node);
  const isCondition =
    isLoop ||
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node);
  return isCondition && !isTruth(node) ? constantChanges('condition') : [];
}

/** A chain with plain dots, which fails where the chain would have ended early. */
function chainChanges(node: ts.Expression): Change[] {
  return ts.isOptionalChain(node) ? [{ kind: 'optional chain', replacement: plain(node) }] : [];
}

function plain(link: ts.Expression): ts.Expression {
  if (!ts.isOptionalChain(link)) return link;
  const inner = plain(link.expression);
  if (ts.isCallChain(link)) return make.createCallExpression(inner, undefined, link.arguments);
  if (ts.isPropertyAccessChain(link)) return make.createPropertyAccessExpression(inner, link.name);
  if (!ts.isElementAccessChain(link)) return inner;
  return make.createElementAccessExpression(inner, link.argumentExpression);
}
