import type { EventDefinition } from '../define.js';
import { withOlderVersions } from '../upcast.js';
import { EventDataInvalid, parseEventData } from '../validate.js';
import {
  contractBreaks,
  contractOf,
  isSameContract,
  nextVersion,
  type RegisteredVersion,
} from './contract.js';
import { DRAFT, hashOf, parseVersion, type Registry, versionsOf } from './registry.js';

/** Sentences on what is wrong between the registry and the events of the code, and what to do. */
export function registryFaults(registry: Registry, events: readonly EventDefinition[]): string[] {
  return [
    ...frozenFaults(registry),
    ...orderFaults(registry),
    ...definitionFaults(registry, events),
    ...vanishedFaults(registry, events),
    ...sampleFaults(registry, events),
    ...registry.drafts.map(({ path }) => `${path} waits to be registered: ${REGISTER}.`),
  ];
}

const REGISTER = 'run npm run contracts -- register';

/** A registered file is never changed or taken away; needs no git to tell. */
export function frozenFaults({ index, files }: Registry): string[] {
  const present = new Map(files.map(({ path, text }) => [path, text]));
  const gone = Object.keys(index.files).filter((path) => !present.has(path));
  return [
    ...gone.map((path) => `${path} was registered and is gone: restore it.`),
    ...files.flatMap(({ path, text }) => {
      const hash = Object.hasOwn(index.files, path) ? index.files[path] : undefined;
      if (hash === undefined) return [`${path} is not in index.json: remove it and ${REGISTER}.`];
      if (hash === hashOf(text)) return [];
      return [
        `${path} was changed after it was registered: restore it; a change is a new version.`,
      ];
    }),
  ];
}

/** Every file is the version its path says, and a minor version of the one before. */
function orderFaults(registry: Registry): string[] {
  const unread = registry.files.filter((file) => {
    const parsed = parseVersion(file);
    return parsed === undefined || file.path !== `${parsed.type}/${parsed.version}.json`;
  });
  const steps = [...versionsOf(registry).values()].flatMap((versions) =>
    versions.flatMap((version, at) => stepFaults(versions[at - 1], version)),
  );
  return [
    ...unread.map(({ path }) => `${path} does not hold the version its path says.`),
    ...steps,
  ];
}

function stepFaults(before: RegisteredVersion | undefined, version: RegisteredVersion): string[] {
  const { type } = version;
  const expected = nextVersion(type, before);
  if (version.version !== expected) {
    return [`${type}: ${version.version} is registered where ${expected} comes next.`];
  }
  const breaks = before === undefined ? [] : contractBreaks(before, version);
  return breaks.map((why) => `${type} ${version.version} breaks ${before?.version}. ${why}`);
}

/** What the code says now is what was registered last. */
function definitionFaults(registry: Registry, events: readonly EventDefinition[]): string[] {
  const versions = versionsOf(registry);
  return withOlderVersions(events).flatMap((event) => {
    const latest = versions.get(event.type)?.at(-1);
    if (latest === undefined) return [`${event.type} is not registered: ${REGISTER}.`];
    const current = contractOf(event);
    if (isSameContract(latest, current)) return [];
    const breaks = contractBreaks(latest, current);
    if (breaks.length > 0) return [brokenSentence(latest, breaks)];
    return [`${event.type} differs from its latest version ${latest.version}: ${REGISTER}.`];
  });
}

/** What is said of a change that cannot be a minor version. */
export function brokenSentence({ type, version }: RegisteredVersion, breaks: string[]): string {
  const next = type.replace(/\d+$/, (major) => String(Number(major) + 1));
  return (
    `${type} breaks its latest version ${version}. ${breaks.join(' ')} ` +
    `Take it back and define ${next} beside it; see docs/runbooks/contracts.md.`
  );
}

/** A type leaves the code only when it is retired, and a retired one does not come back. */
function vanishedFaults(registry: Registry, events: readonly EventDefinition[]): string[] {
  const alive = new Set<string>(withOlderVersions(events).map(({ type }) => type));
  const { retired } = registry.index;
  const vanished = [...versionsOf(registry).keys()].filter(
    (type) => !alive.has(type) && !retired.includes(type),
  );
  return [
    ...vanished.map(
      (type) =>
        `${type} is registered, but EVENTS does not have it: its messages would be dead letters. ` +
        `Bring it back, or when none is left run npm run contracts -- retire ${type}.`,
    ),
    ...retired
      .filter((type) => alive.has(type))
      .map((type) => `${type} is retired and yet in EVENTS: define a new version instead.`),
  ];
}

/** Every sample ever registered is still read by the code of today. */
function sampleFaults(registry: Registry, events: readonly EventDefinition[]): string[] {
  const versions = versionsOf(registry);
  return withOlderVersions(events).flatMap((event) =>
    (versions.get(event.type) ?? []).flatMap(({ version, samples }) =>
      samples.flatMap(({ name, data }) =>
        faultsOfData(event, data).map(
          (fault) => `${event.type} ${version}, sample "${name}" is refused: ${fault}.`,
        ),
      ),
    ),
  );
}

export function faultsOfData(event: EventDefinition, data: unknown): string[] {
  try {
    parseEventData(event, data);
    return [];
  } catch (error) {
    if (!(error instanceof EventDataInvalid)) throw error;
    return error.faults;
  }
}

/** Where the samples of a version are put before it is registered. */
export function draftOf(type: string): string {
  return `${type}/${DRAFT}`;
}
