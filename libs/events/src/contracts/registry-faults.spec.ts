import { newId } from '@parlance/kernel';
import { IsIn, IsNumber, IsOptional, IsString, IsUUID } from 'class-validator';
import { registered, registryOf, sealed } from '../../test/planted.js';
import { eventList, ScoredV1, ScoredV2 } from '../../test/score-versions.js';
import type { EventDefinition } from '../define.js';
import { contractOf } from './contract.js';
import type { Registry } from './registry.js';
import { registryFaults } from './registry-faults.js';

class LightData {
  @IsUUID() lightId: string;
  @IsIn(['red', 'green']) colour: string;
}

const Light = {
  type: 'grading.light.v1',
  owner: 'grading',
  consumers: ['gradebook'],
  data: LightData,
  subject: 'lightId',
  summary: 'For a test.',
} as unknown as EventDefinition;

const sample = (name: string, data: object = {}) => ({
  name,
  data: { lightId: newId(), colour: 'red', ...data },
});
const REGISTERED = registryOf([Light], { [Light.type]: [sample('plain')] });
const with_ = (change: (registry: Registry) => void): Registry => {
  const registry = structuredClone(REGISTERED);
  change(registry);
  return registry;
};
const withData = (data: new () => object): EventDefinition => ({ ...Light, data });
const REGISTER = 'run npm run contracts -- register';

test('a registry that says what the code says has no faults', () => {
  expect(registryFaults(REGISTERED, [Light])).toEqual([]);
  expect(registryFaults(registryOf(eventList(ScoredV2)), eventList(ScoredV2))).toEqual([]);
});

describe('a frozen file', () => {
  const path = 'grading.light.v1/1.0.0.json';

  it('that was edited is found without git', () => {
    const edited = with_(({ files }) => {
      files[0]!.text = files[0]!.text.replace('"red"', '"blue"');
    });
    expect(registryFaults(edited, [Light])).toContain(
      `${path} was changed after it was registered: restore it; a change is a new version.`,
    );
  });

  it('that differs in a single blank is found', () => {
    const edited = with_(({ files }) => (files[0]!.text += ' '));
    expect(registryFaults(edited, [Light])).toHaveLength(1);
  });

  it('that is gone is found', () => {
    const emptied = with_((registry) => (registry.files = []));
    expect(registryFaults(emptied, [Light])[0]).toBe(
      `${path} was registered and is gone: restore it.`,
    );
  });

  it('that nobody registered is found', () => {
    const slipped = with_(({ index }) => (index.files = {}));
    expect(registryFaults(slipped, [Light])).toEqual([
      `${path} is not in index.json: remove it and ${REGISTER}.`,
    ]);
  });

  it('that is no version, or another than its path says, is found', () => {
    const moved = registered(contractOf(Light), '1.0.0');
    const files = [
      { ...moved, path: 'grading.light.v1/1.7.0.json' },
      { path, text: '{' },
    ];
    expect(registryFaults(sealed(files), [])).toEqual(
      expect.arrayContaining(
        files.map((file) => `${file.path} does not hold the version its path says.`),
      ),
    );
  });

  it('that leaves a version out, or breaks the one before, is found', () => {
    const after = structuredClone(contractOf(Light));
    after.schema.properties!.colour!.enum!.push('blue');
    const first = registered(contractOf(Light), '1.0.0');
    const gap = sealed([first, registered(after, '1.2.0')]);
    expect(registryFaults(gap, [])[0]).toBe(
      'grading.light.v1: 1.2.0 is registered where 1.1.0 comes next.',
    );
    const broken = sealed([first, registered(after, '1.1.0')]);
    expect(registryFaults(broken, [])[0]).toMatch(
      /^grading\.light\.v1 1\.1\.0 breaks 1\.0\.0\. \$\.colour may now be "blue"/,
    );
  });
});

describe('an event', () => {
  it('that is not registered is found', () => {
    expect(registryFaults(sealed([]), [Light])).toEqual([
      `grading.light.v1 is not registered: ${REGISTER}.`,
    ]);
  });

  it('with a new optional field must be registered', () => {
    class Grown extends LightData {
      @IsOptional() @IsString() note?: string;
    }
    expect(registryFaults(REGISTERED, [withData(Grown)])).toEqual([
      `grading.light.v1 differs from its latest version 1.0.0: ${REGISTER}.`,
    ]);
  });

  it('with other personal data must be registered', () => {
    const marked = { ...Light, pii: ['colour'] } as unknown as EventDefinition;
    expect(registryFaults(REGISTERED, [marked])[0]).toContain(REGISTER);
  });

  it('that breaks its version must become a new one beside it', () => {
    class Broken {
      @IsUUID() lightId: string;
      @IsIn(['red', 'green', 'amber']) colour: string;
    }
    expect(registryFaults(REGISTERED, [withData(Broken)])).toEqual([
      'grading.light.v1 breaks its latest version 1.0.0. $.colour may now be "amber": consumers ' +
        'that run the version before would refuse it. Take it back and define grading.light.v2 ' +
        'beside it; see docs/runbooks/contracts.md.',
    ]);
  });

  it('whose subject is another field breaks its version', () => {
    const moved = { ...Light, subject: 'colour' } as unknown as EventDefinition;
    expect(registryFaults(REGISTERED, [moved])[0]).toContain('The subject is colour instead of');
  });

  it('must read every sample ever registered', () => {
    class Narrower {
      @IsUUID() lightId: string;
      @IsIn(['green']) colour: string;
    }
    const faults = registryFaults(REGISTERED, [withData(Narrower)]);
    expect(faults).toContain('grading.light.v1 1.0.0, sample "plain" is refused: colour (isIn).');
  });

  it('whose samples wait is found', () => {
    const draft = { path: 'grading.light.v1/samples.json', text: '[]' };
    expect(registryFaults({ ...REGISTERED, drafts: [draft] }, [Light])).toEqual([
      `grading.light.v1/samples.json waits to be registered: ${REGISTER}.`,
    ]);
  });
});

describe('a type that the code no longer has', () => {
  it('is missed, for its messages would have no reader', () => {
    expect(registryFaults(REGISTERED, [])).toEqual([
      'grading.light.v1 is registered, but EVENTS does not have it: its messages would be dead ' +
        'letters. Bring it back, or when none is left run npm run contracts -- retire ' +
        'grading.light.v1.',
    ]);
  });

  it('is not missed while a newer version is made of it', () => {
    const registry = registryOf(eventList(ScoredV1, ScoredV2));
    expect(registryFaults(registry, eventList(ScoredV2))).toEqual([]);
    const alone = { ...ScoredV2, upcasts: undefined };
    expect(registryFaults(registry, eventList(alone))[0]).toContain('grading.scored.v1 is regi');
  });

  it('may be retired, and then never comes back', () => {
    const retired = with_(({ index }) => index.retired.push(Light.type));
    expect(registryFaults(retired, [])).toEqual([]);
    expect(registryFaults(retired, [Light])).toEqual([
      'grading.light.v1 is retired and yet in EVENTS: define a new version instead.',
    ]);
  });
});

test('an older version is held to what was registered too', () => {
  class Other {
    @IsUUID() scoreId: string;
    @IsNumber() percent: number;
  }
  const from = { ...ScoredV1, data: Other };
  const changed = { ...ScoredV2, upcasts: { from, up: () => ({}) } };
  const registry = registryOf(eventList(ScoredV2));
  expect(registryFaults(registry, eventList(changed))[0]).toMatch(/^grading\.scored\.v1 breaks/);
});
