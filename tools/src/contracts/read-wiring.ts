import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as everything from '@parlance/events';
import type { SourceFile } from '../tidy/rules.js';
import type { EventUse, Wiring } from './wiring.js';

/** Names under which `@parlance/events` exports its events, with their types. */
export function exportedEvents(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(everything).flatMap(([name, value]) => {
      const event = value as Partial<everything.EventDefinition> | undefined;
      const isEvent = typeof event?.type === 'string' && typeof event.data === 'function';
      return isEvent ? [[name, event.type as string] as const] : [];
    }),
  );
}

/** The source of every service, without its tests. */
export function serviceSources(root: string): SourceFile[] {
  return readdirSync(join(root, 'apps')).flatMap((service) => {
    const folder = join('apps', service, 'src');
    return readdirSync(join(root, folder), { recursive: true })
      .map((name) => `${folder}/${String(name)}`.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  });
}

/**
 * What the services handle and publish. Their events are found by the names they are imported
 * under, so an event that goes through a variable first is not seen; then its producer or handler
 * is reported as missing, and never the other way round.
 */
export function wiringIn(
  files: readonly SourceFile[],
  eventTypes: ReadonlyMap<string, string>,
): Wiring {
  const uses = files.map((file) => usesIn(file, eventTypes));
  return {
    handlers: uses.flatMap(({ handlers }) => handlers),
    additions: uses.flatMap(({ additions }) => additions),
  };
}

function usesIn({ path, text }: SourceFile, eventTypes: ReadonlyMap<string, string>): Wiring {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const imported = importedEvents(code, eventTypes);
  const service = path.split('/')[1] ?? '';
  const use = (name: string): EventUse => ({
    service,
    file: path,
    // A pattern that is no event of ours is nobody's: it is reported by the name it has.
    type: imported.get(name) ?? name,
  });
  const patterns = [...code.matchAll(/@EventPattern(?:<[^>]*>)?\(\s*([^)]*?)\s*\)/g)];
  const calls = [...code.matchAll(/outbox\s*\.\s*(?:add|addAll)\(/gi)];
  return {
    handlers: patterns.map(([, pattern = '']) => use(pattern.replace(/\.type\s*(,[^]*)?$/, ''))),
    additions: calls
      .flatMap(({ index, 0: call }) => wordsOf(argumentsFrom(code, index + call.length)))
      .filter((word) => imported.has(word))
      .map(use),
  };
}

/** Local names of imported events, with their types. */
function importedEvents(
  code: string,
  eventTypes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const lists = [...code.matchAll(/import\s*\{([^}]*)\}\s*from\s*'@parlance\/events'/g)];
  const names = lists.flatMap(([, list = '']) => list.split(','));
  return new Map(
    names.flatMap((one) => {
      const [name = '', local = name] = one.trim().split(/\s+as\s+/);
      const type = eventTypes.get(name);
      return type === undefined ? [] : [[local, type] as const];
    }),
  );
}

/** The text of a call's arguments, from behind its opening parenthesis to the closing one. */
function argumentsFrom(code: string, start: number): string {
  let depth = 1;
  let end = start;
  for (; end < code.length && depth > 0; end += 1) {
    if (code[end] === '(') depth += 1;
    if (code[end] === ')') depth -= 1;
  }
  return code.slice(start, end);
}

function wordsOf(text: string): string[] {
  return [...new Set(text.match(/\w+/g) ?? [])];
}
