import type { EventDefinition } from '../define.js';
import { withOlderVersions } from '../upcast.js';
import {
  contractBreaks,
  contractOf,
  isSameContract,
  nextVersion,
  type RegisteredVersion,
  type Sample,
} from './contract.js';
import { brokenSentence, draftOf, faultsOfData, frozenFaults } from './registry-faults.js';
import { hashOf, type Registry, type RegistryChange, versionsOf } from './registry.js';

export interface Registration extends RegistryChange {
  /** Why nothing may be written; empty when all of it may. */
  refusals: string[];
}

const MIN_SAMPLES = 2;
const MAX_SAMPLES = 4;

/** The versions to be registered for the events as they are now: all of them, or none and why. */
export function planRegistration(
  registry: Registry,
  events: readonly EventDefinition[],
): Registration {
  const versions = versionsOf(registry);
  const plan: Registration = {
    files: [],
    index: structuredClone(registry.index),
    spentDrafts: [],
    // What was changed after the fact must not be sealed by the next registration.
    refusals: frozenFaults(registry),
  };
  for (const event of withOlderVersions(events)) {
    planEvent(plan, registry, event, versions.get(event.type)?.at(-1));
  }
  const idle = registry.drafts.filter(({ path }) => !plan.spentDrafts.includes(path));
  if (plan.refusals.length === 0) {
    plan.refusals = idle.map(({ path }) => `${path} belongs to no event that changed: remove it.`);
  }
  if (plan.refusals.length === 0) return plan;
  return { files: [], index: registry.index, spentDrafts: [], refusals: plan.refusals };
}

/** The index with a type retired. Throws when the type is unknown or still in the code. */
export function retire(
  registry: Registry,
  events: readonly EventDefinition[],
  type: string,
): RegistryChange {
  if (!versionsOf(registry).has(type)) throw new Error(`${type} is not registered.`);
  const reader = events.find((event) =>
    withOlderVersions([event]).some((one) => one.type === type),
  );
  if (reader !== undefined) {
    const where = reader.type === type ? 'EVENTS' : `the upcasts of ${reader.type}`;
    throw new Error(`${type} is still in ${where}: take it out first.`);
  }
  const retired = [...new Set([...registry.index.retired, type])];
  return { files: [], index: { ...registry.index, retired }, spentDrafts: [] };
}

function planEvent(
  plan: Registration,
  registry: Registry,
  event: EventDefinition,
  latest: RegisteredVersion | undefined,
): void {
  const contract = contractOf(event);
  if (latest !== undefined && isSameContract(latest, contract)) return;
  const breaks = latest === undefined ? [] : contractBreaks(latest, contract);
  if (latest !== undefined && breaks.length > 0) {
    plan.refusals.push(brokenSentence(latest, breaks));
    return;
  }
  const draft = registry.drafts.find(({ path }) => path === draftOf(event.type));
  const samples = draft === undefined ? undefined : parseSamples(draft.text);
  const faults = draftFaults(event, samples);
  if (draft === undefined || samples === undefined || faults.length > 0) {
    plan.refusals.push(...faults);
    return;
  }
  const version = nextVersion(event.type, latest);
  const { type, ...rest } = contract;
  const file = {
    path: `${type}/${version}.json`,
    text: `${JSON.stringify({ type, version, ...rest, samples }, null, 2)}\n`,
  };
  plan.files.push(file);
  plan.index.files[file.path] = hashOf(file.text);
  plan.spentDrafts.push(draft.path);
}

function parseSamples(text: string): Sample[] | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const isSample = (one: Partial<Sample> | null) =>
      typeof one?.name === 'string' && typeof one.data === 'object' && one.data !== null;
    return Array.isArray(value) && value.every(isSample) ? (value as Sample[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Samples that leave out what a consumer may meet would prove little. */
function draftFaults(event: EventDefinition, samples: Sample[] | undefined): string[] {
  const file = `libs/events/registry/${draftOf(event.type)}`;
  const shape = `${MIN_SAMPLES} to ${MAX_SAMPLES} of {"name": ..., "data": {...}}`;
  if (samples === undefined) {
    return [`${event.type} has no samples: write ${file}, a JSON array of ${shape}.`];
  }
  if (samples.length < MIN_SAMPLES || samples.length > MAX_SAMPLES) {
    return [`${file} must hold ${shape}.`];
  }
  const { properties = {}, required = [] } = contractOf(event).schema;
  const uses = (name: string) => samples.map(({ data }) => Object.hasOwn(data, name));
  return [
    ...samples.flatMap(({ name, data }) =>
      faultsOfData(event, data).map((fault) => `${file}, sample "${name}": ${fault}.`),
    ),
    ...Object.keys(properties)
      .filter((name) => !uses(name).includes(true))
      .map((name) => `${file}: no sample has ${name}.`),
    ...Object.keys(properties)
      .filter((name) => !required.includes(name) && !uses(name).includes(false))
      .map((name) => `${file}: no sample leaves out ${name}.`),
  ];
}
