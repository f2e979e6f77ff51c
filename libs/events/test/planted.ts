import { type EventDefinition, withOlderVersions } from '../src/index.js';
import {
  type Contract,
  contractOf,
  hashOf,
  type Registry,
  type RegistryFile,
  type Sample,
} from '../src/contracts/index.js';

/** A registry in memory with the events as they are at version `<major>.0.0`. */
export function registryOf(
  events: readonly EventDefinition[],
  samples: Record<string, Sample[]> = {},
): Registry {
  return sealed(
    withOlderVersions(events).map((event) => {
      const contract = contractOf(event);
      return registered(contract, `${/\d+$/.exec(event.type)?.[0]}.0.0`, samples[event.type]);
    }),
  );
}

export function registered(
  contract: Contract,
  version: string,
  samples: Sample[] = [],
): RegistryFile {
  const { type, ...rest } = contract;
  const text = `${JSON.stringify({ type, version, ...rest, samples }, null, 2)}\n`;
  return { path: `${type}/${version}.json`, text };
}

/** A registry whose index agrees with its files. */
export function sealed(files: RegistryFile[], drafts: RegistryFile[] = []): Registry {
  const hashes = Object.fromEntries(files.map(({ path, text }) => [path, hashOf(text)]));
  return { files, drafts, index: { files: hashes, retired: [] } };
}
