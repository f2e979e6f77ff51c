import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { registryOf, sealed } from '../../test/planted.js';
import { eventList, ScoredV2 } from '../../test/score-versions.js';
import type { EventDefinition } from '../define.js';
import { planRegistration, retire } from './registration.js';
import { readRegistry, type Registry, writeRegistry } from './registry.js';
import { registryFaults } from './registry-faults.js';

class NoteData {
  @IsUUID() noteId: string;
  @IsString() @MaxLength(10) text: string;
}

class LongerNoteData extends NoteData {
  @IsOptional() @IsString() colour?: string;
}

class OtherNoteData {
  @IsUUID() noteId: string;
  @IsString() @MaxLength(20) text: string;
}

const note = (data: new () => object) =>
  ({
    type: 'grading.note.v1',
    owner: 'grading',
    consumers: ['gradebook'],
    data,
    subject: 'noteId',
    summary: 'For a test.',
  }) as unknown as EventDefinition;

const noteId = '0197e4a0-1001-7101-8201-00c0ffee1003';
const one = { name: 'one', data: { noteId, text: 'x' } };
const two = { name: 'two', data: { noteId, text: '' } };
const coloured = { name: 'coloured', data: { noteId, text: '', colour: 'red' } };
const draft = (samples: unknown, type = 'grading.note.v1') => ({
  path: `${type}/samples.json`,
  text: typeof samples === 'string' ? samples : JSON.stringify(samples),
});
const withDraft = (registry: Registry, samples: unknown): Registry => ({
  ...registry,
  drafts: [draft(samples)],
});
const refusals = (registry: Registry, event: EventDefinition) => {
  const plan = planRegistration(registry, [event]);
  expect(plan.refusals.length === 0 || plan.files.length === 0).toBe(true);
  return plan.refusals;
};
const FILE = 'libs/events/registry/grading.note.v1/samples.json';

describe('what is registered', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'registry-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (samples: unknown) => {
    mkdirSync(join(folder, 'grading.note.v1'), { recursive: true });
    writeFileSync(join(folder, draft(samples).path), draft(samples).text);
  };
  const register = (event: EventDefinition) => {
    const plan = planRegistration(readRegistry(folder), [event]);
    expect(plan.refusals).toEqual([]);
    writeRegistry(plan, folder);
    return plan.files.map(({ path }) => path);
  };

  it('is 1.0.0, then the next minor, then nothing; and the registry is in order', () => {
    put([one, two]);
    expect(register(note(NoteData))).toEqual(['grading.note.v1/1.0.0.json']);
    expect(registryFaults(readRegistry(folder), [note(NoteData)])).toEqual([]);
    put([one, coloured]);
    expect(register(note(LongerNoteData))).toEqual(['grading.note.v1/1.1.0.json']);
    expect(register(note(LongerNoteData))).toEqual([]);
    const registry = readRegistry(folder);
    expect(registryFaults(registry, [note(LongerNoteData)])).toEqual([]);
    expect(registry.drafts).toEqual([]);
    const written = JSON.parse(readFileSync(join(folder, 'grading.note.v1/1.1.0.json'), 'utf8'));
    expect(written).toMatchObject({
      type: 'grading.note.v1',
      version: '1.1.0',
      owner: 'grading',
      subject: 'noteId',
      pii: [],
      schema: { required: ['noteId', 'text'] },
      samples: [one, coloured],
    });
  });

  it('is never written over', () => {
    put([one, two]);
    const plan = planRegistration(readRegistry(folder), [note(NoteData)]);
    writeRegistry({ ...plan, spentDrafts: [] }, folder);
    expect(() => writeRegistry(plan, folder)).toThrow(/EEXIST/);
  });

  it('has an index, without which nothing is read', () => {
    writeFileSync(join(folder, 'index.json'), '<<<<<<<');
    expect(() => readRegistry(folder)).toThrow(/index\.json is not the index of a registry/);
  });
});

test('a second major begins at 2.0.0', () => {
  const scoreId = noteId;
  const data = { scoreId, points: 1, pointsPossible: 2 };
  const samples = ['a', 'b'].map((name) => ({ name, data }));
  const registry = registryOf(eventList(ScoredV2.upcasts?.from));
  const drafts = [draft(samples, 'grading.scored.v2')];
  const plan = planRegistration({ ...registry, drafts }, eventList(ScoredV2));
  expect(plan.files.map(({ path }) => path)).toEqual(['grading.scored.v2/2.0.0.json']);
});

describe('nothing is registered', () => {
  it('without samples', () => {
    const want = 'a JSON array of 2 to 4 of {"name": ..., "data": {...}}.';
    expect(refusals(sealed([]), note(NoteData))).toEqual([
      `grading.note.v1 has no samples: write ${FILE}, ${want}`,
    ]);
    expect(refusals(withDraft(sealed([]), '{'), note(NoteData))[0]).toContain('has no samples');
    expect(refusals(withDraft(sealed([]), [{ data: 1 }]), note(NoteData))[0]).toContain('has no');
  });

  it('with one sample, or with five', () => {
    for (const samples of [[one], [one, one, one, two, two]]) {
      expect(refusals(withDraft(sealed([]), samples), note(NoteData))).toEqual([
        `${FILE} must hold 2 to 4 of {"name": ..., "data": {...}}.`,
      ]);
    }
  });

  it('with a sample that does not fit', () => {
    const wrong = { name: 'long', data: { noteId, text: 'x'.repeat(11) } };
    expect(refusals(withDraft(sealed([]), [one, wrong]), note(NoteData))).toEqual([
      `${FILE}, sample "long": text (maxLength).`,
    ]);
  });

  it('while no sample has a field, or none does without an optional one', () => {
    const registry = registryOf([note(NoteData)]);
    expect(refusals(withDraft(registry, [one, two]), note(LongerNoteData))).toEqual([
      `${FILE}: no sample has colour.`,
    ]);
    expect(refusals(withDraft(registry, [coloured, coloured]), note(LongerNoteData))).toEqual([
      `${FILE}: no sample leaves out colour.`,
    ]);
  });

  it('that breaks the latest version', () => {
    const registry = withDraft(registryOf([note(NoteData)]), [one, two]);
    expect(refusals(registry, note(OtherNoteData))[0]).toMatch(
      /^grading\.note\.v1 breaks .* \$\.text has maxLength 20 instead of 10: consumers .*\.v2 beside/,
    );
  });

  it('for an event that did not change', () => {
    const registry = withDraft(registryOf([note(NoteData)]), [one, two]);
    expect(refusals(registry, note(NoteData))).toEqual([
      'grading.note.v1/samples.json belongs to no event that changed: remove it.',
    ]);
  });

  it('on top of a file that was changed, which the new index would cover up', () => {
    const registry = withDraft(registryOf([note(NoteData)]), [one, coloured]);
    registry.files[0]!.text += '\n';
    expect(refusals(registry, note(LongerNoteData))[0]).toContain('was changed after');
  });
});

describe('a type is retired', () => {
  const registry = registryOf(eventList(ScoredV2));

  it('when the code is without it', () => {
    const { index } = retire(registry, eventList(), 'grading.scored.v1');
    expect(index.retired).toEqual(['grading.scored.v1']);
    expect(registry.index.retired).toEqual([]);
  });

  it('and not before, and not when it never was', () => {
    const events = eventList(ScoredV2);
    expect(() => retire(registry, events, 'grading.scored.v2')).toThrow(/is still in EVENTS/);
    expect(() => retire(registry, events, 'grading.scored.v1')).toThrow(
      'grading.scored.v1 is still in the upcasts of grading.scored.v2: take it out first.',
    );
    expect(() => retire(registry, events, 'grading.light.v1')).toThrow(/is not registered/);
  });
});
