import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A type that reaches learners' clients, or the service that serves them. */
export interface Root {
  name: string;
  type: ts.Type;
}

/** The program of everything that could hold a root; `files` are absolute paths. */
export function programOf(files: string[]): ts.Program {
  return ts.createProgram(files, {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    strictPropertyInitialization: false,
    types: ['node'],
  });
}

/** Controllers, event definitions and the item model of a checkout. */
export function sourceFiles(root: string): string[] {
  const services = readdirSync(join(root, 'apps'));
  const controllers = services.flatMap((service) =>
    filesIn(join(root, 'apps', service, 'src', 'http'), /\.controller\.ts$/),
  );
  const owners = readdirSync(join(root, 'libs', 'events', 'src'), { withFileTypes: true });
  const events = owners
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => filesIn(join(root, 'libs', 'events', 'src', name), /\.v\d+\.ts$/));
  return [...controllers, ...events, join(root, 'libs/assessment/src/items/delivery.ts')];
}

function filesIn(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** All roots of these files: answers to learners, events to assignments, the delivery itself. */
export function rootsOf(program: ts.Program, files: readonly string[]): Root[] {
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} is not part of the program.`);
    const roots: Root[] = [];
    source.forEachChild((node) => {
      if (ts.isClassDeclaration(node)) roots.push(...answersOf(checker, node));
      if (ts.isVariableStatement(node)) roots.push(...eventOf(checker, node));
      if (ts.isInterfaceDeclaration(node) && node.name.text === 'ItemDelivery') {
        roots.push({ name: 'ItemDelivery', type: checker.getTypeAtLocation(node) });
      }
    });
    return roots;
  });
}

const VERBS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];

/** What the methods of a controller answer that a learner may call. */
function answersOf(checker: ts.TypeChecker, node: ts.ClassDeclaration): Root[] {
  const controller = callNamed(node, 'Controller');
  if (controller === undefined) return [];
  const prefix = textOf(controller.arguments[0]);
  const ofClass = guardOf(node);
  return node.members.filter(ts.isMethodDeclaration).flatMap((method): Root[] => {
    const verb = VERBS.find((one) => callNamed(method, one) !== undefined);
    if (verb === undefined) return [];
    const guard = guardOf(method) ?? ofClass;
    if (guard !== undefined && !guard.includes('learner')) return [];
    const path = textOf(callNamed(method, verb)?.arguments[0]);
    const signature = checker.getSignatureFromDeclaration(method);
    if (signature === undefined) return [];
    const returned = checker.getReturnTypeOfSignature(signature);
    const type = checker.getAwaitedType(returned) ?? returned;
    return [{ name: `${verb.toUpperCase()} ${prefix}/${path}`, type }];
  });
}

/** The roles a class or method asks for; undefined: everybody who is signed in, or nobody said. */
function guardOf(node: ts.ClassDeclaration | ts.MethodDeclaration): string[] | undefined {
  if (callNamed(node, 'OperatorOnly') !== undefined) return ['operator'];
  return callNamed(node, 'Roles')?.arguments.map(textOf);
}

function callNamed(node: ts.HasDecorators, name: string): ts.CallExpression | undefined {
  return ts
    .getDecorators(node)
    ?.map((decorator) => decorator.expression)
    .filter(ts.isCallExpression)
    .find((call) => call.expression.getText() === name);
}

function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : '';
}

/** The data of an event that the assignments service consumes: it feeds what learners see. */
function eventOf(checker: ts.TypeChecker, node: ts.VariableStatement): Root[] {
  return node.declarationList.declarations.flatMap(({ initializer }): Root[] => {
    if (initializer === undefined || !ts.isCallExpression(initializer)) return [];
    if (initializer.expression.getText() !== 'defineEvent') return [];
    const [definition] = initializer.arguments;
    if (definition === undefined || !ts.isObjectLiteralExpression(definition)) return [];
    const consumers = valueOf(definition, 'consumers')?.getText() ?? '';
    const data = valueOf(definition, 'data');
    if (data === undefined || !consumers.includes(`'assignments'`)) return [];
    const made = checker.getTypeAtLocation(data).getConstructSignatures()[0]?.getReturnType();
    if (made === undefined) throw new Error(`${data.getText()} is no class.`);
    return [{ name: textOf(valueOf(definition, 'type')), type: made }];
  });
}

function valueOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  return object.properties
    .filter(ts.isPropertyAssignment)
    .find((property) => property.name.getText() === name)?.initializer;
}
