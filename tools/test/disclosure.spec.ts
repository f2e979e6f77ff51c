import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { disclosuresOf } from '../src/disclosure/disclosures.js';
import { programOf, rootsOf, sourceFiles } from '../src/disclosure/roots.js';
import { ROOT } from '../src/start/layout.js';

/**
 * Ways that are known and kept closed otherwise; each says how. A way that is listed here and no
 * longer found fails the test, so that the list stays what it is for.
 */
const KNOWN: Record<string, string> = {
  'content.item-version-published.v1.delivery{}':
    'made of an ItemDelivery: import-plan.ts of content',
  'content.test-version-published.v1.structure{}': 'made of a TestStructure: ids, titles, numbers',
  'grading.try-scored.v1.feedback[].content[]':
    'the body nodes an author wrote for whoever tries again: tries.spec of grading',
  'GET scores/:attemptId.parts[].expected': 'left out for learners: score-view.spec of grading',
  'GET scores/:attemptId.parts[].rule': 'left out for learners: score-view.spec of grading',
  'GET scores/:attemptId.parts[].trace.pattern':
    'left out for learners: score-view.spec of grading',
  'GET score-disputes/.items[].learnerId': 'learners see their own: after-scoring.spec of grading',
  'GET classes/:classId/enrolments/.items[].personId': 'learners see their own: identity',
  'GET classes/:classId/enrolments/.items[].displayName': 'learners see their own: identity',
  'GET people/.items[].displayName': 'learners see themselves: identity',
  'GET people/.items[].email': 'learners see themselves: identity',
  'GET assignments/:id/due-date-explanation.trace[].rule': 'which rule set a date, not a score',
};

function lookThrough(files: string[]) {
  const program = programOf(files);
  const roots = rootsOf(program, files);
  const checker = program.getTypeChecker();
  const found = roots.flatMap(({ name, type }) => disclosuresOf(checker, type, name));
  return { roots: roots.map(({ name }) => name), found };
}

describe('what learners can read', () => {
  const { roots, found } = lookThrough(sourceFiles(ROOT));

  it('is looked for where it is: items, answers and what feeds them', () => {
    expect(roots).toEqual(
      expect.arrayContaining([
        'ItemDelivery',
        'content.item-version-published.v1',
        'grading.try-scored.v1',
        'GET attempts/:id',
        'GET attempts/:id/items/:slot/tries',
        'POST attempts/:id/items/:slot/tries',
        'GET scores/:attemptId',
        'GET gradebooks/:classId/learners/me',
      ]),
    );
    expect(roots).not.toContain('content.scoring-spec-published.v1');
    expect(roots).not.toContain('GET gradebooks/:classId');
  });

  it('holds no key, no rule of scoring and nobody else', () => {
    const open = found.filter(({ path }) => !Object.hasOwn(KNOWN, path));
    expect(open).toEqual([]);
    const paths = new Set(found.map(({ path }) => path));
    expect(Object.keys(KNOWN).filter((path) => !paths.has(path))).toEqual([]);
  });
});

describe('a key that is planted is found', () => {
  const folder = join(ROOT, 'apps', 'grading', 'src', 'planted');
  const file = join(folder, 'planted.controller.ts');

  function planted(returned: string, more = ''): string[] {
    mkdirSync(folder, { recursive: true });
    const text = `
      import { Controller, Get } from '@nestjs/common';
      import type { ScoringSpec } from '@parlance/assessment';
      ${more}
      @Controller('planted')
      export class Planted {
        @Get()
        read(): Promise<${returned}> { throw new Error(); }
      }
      export type Used = ScoringSpec;`;
    writeFileSync(file, text);
    try {
      return lookThrough([file]).found.map(({ path }) => path);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it.each([
    ['by its type', '{ items: { how: ScoringSpec }[] }', 'GET planted/.items[].how'],
    ['by its name', '{ items: { expected: string }[] }', 'GET planted/.items[].expected'],
    ['behind a choice', '{ a: string } | { b: ScoringSpec | null }', 'GET planted/.b'],
    ['in what says nothing', '{ more: Record<string, unknown> }', 'GET planted/.more{}'],
    ['of somebody else', '{ rows: { learnerId: string }[] }', 'GET planted/.rows[].learnerId'],
  ])('%s', (_, returned, path) => {
    expect(planted(returned)).toEqual([path]);
  });

  it('and answers without one pass', () => {
    expect(
      planted('{ learnerId: string; items: { id: string; points: number | null }[] }'),
    ).toEqual([]);
  });
});
