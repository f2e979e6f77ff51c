import ts from 'typescript';

/** Something a learner could read and must not, by the way that leads to it. */
export interface Disclosure {
  /** The root and the properties from it on: `GET attempts/:id.sections[].items[].key`. */
  path: string;
  what: string;
}

/** Files whose object types hold keys or rules of scoring; none may be reached from a root. */
const KEY_TYPES =
  /libs\/assessment\/(dist\/)?src\/items\/(scoring-spec|part-scoring|rules)(\.d)?\.ts$/;

/** Properties that say a key or a rule whatever their type is called. */
const KEY_NAMES =
  /^(accepted|alternatives|answerKey|areaMapping|correct|correctResponses?|expected|key|mapping|pattern|processing|rejected|rule|rules|scoring|scoringSpec|source|spec)$/i;

/** Properties that name people; in a list they would be other people. */
const PERSON_NAMES = /^(displayName|email|familyName|givenName|learnerId|personId)$/;

const MAX_DEPTH = 40;

/**
 * Walks everything a root can hold, property by property, as the type checker knows it. A type
 * that says nothing (`unknown`, `any`, `object`, an index of unknown values) is a disclosure too:
 * nobody can tell what is in it.
 */
export function disclosuresOf(checker: ts.TypeChecker, type: ts.Type, root: string): Disclosure[] {
  const found = new Map<string, Disclosure>();
  const seen = new Set<ts.Type>();
  const report = (path: string, what: string) => found.set(path, { path, what });

  function walk(one: ts.Type, path: string, inList: boolean, depth: number): void {
    if (depth > MAX_DEPTH) return void report(path, 'is too deep to be looked through');
    if (one.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) {
      return void report(path, 'says nothing of what it holds');
    }
    if (one.isUnionOrIntersection()) {
      for (const part of one.types) walk(part, path, inList, depth);
      return;
    }
    if (!(one.flags & ts.TypeFlags.Object) || isLeaf(one)) return;
    const element = elementOf(checker, one);
    if (element !== undefined) return walk(element, `${path}[]`, true, depth + 1);
    const file = one.symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
    if (KEY_TYPES.test(file)) return void report(path, `is a ${one.symbol.name}, which holds keys`);
    if (seen.has(one)) return;
    seen.add(one);
    const index = checker.getIndexTypeOfType(one, ts.IndexKind.String);
    if (index !== undefined) walk(index, `${path}{}`, true, depth + 1);
    for (const property of checker.getPropertiesOfType(one)) {
      const { name } = property;
      const at = `${path}.${name}`;
      if (KEY_NAMES.test(name)) report(at, 'is named as a key or rule is');
      else if (inList && PERSON_NAMES.test(name)) report(at, 'names people in a list');
      else walk(checker.getTypeOfSymbol(property), at, inList, depth + 1);
    }
  }

  walk(type, root, false, 0);
  return [...found.values()];
}

/** Dates and the like, whose members are methods and not data. */
function isLeaf(type: ts.Type): boolean {
  return ['Date', 'Buffer', 'Uint8Array', 'StreamableFile'].includes(type.symbol?.name ?? '');
}

function elementOf(checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined {
  if (!checker.isArrayType(type) && !checker.isTupleType(type)) return undefined;
  return checker.getIndexTypeOfType(type, ts.IndexKind.Number);
}
