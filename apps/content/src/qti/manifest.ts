import { FileFault } from './file-fault.js';
import { resolveHref, shown } from './paths.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, childrenNamed, required } from './xml-reading.js';

export const MANIFEST = 'imsmanifest.xml';

export interface ManifestResource {
  identifier: string;
  kind: 'item' | 'test' | 'stimulus' | 'older' | 'other';
  /** Path in the package. */
  file: string;
}

export interface Manifest {
  identifier: string;
  resources: ManifestResource[];
  warnings: string[];
}

/** @throws FileFault when it is no manifest of a content package. */
export function readManifest(root: XmlElement): Manifest {
  if (root.name !== 'manifest') {
    throw new FileFault(`The file is <${shown(root.name)}> and not a manifest.`, root.line);
  }
  const holder = childNamed(root, 'resources');
  if (holder === undefined) throw new FileFault('The manifest names no resources.', root.line);
  const warnings: string[] = [];
  const resources: ManifestResource[] = [];
  for (const element of childrenNamed(holder, 'resource')) {
    try {
      const resource = readResource(element);
      if (resource !== null) resources.push(resource);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      warnings.push(`Line ${error.line ?? element.line} of the manifest: ${error.reason}`);
    }
  }
  return { identifier: attribute(root, 'identifier') ?? '', resources, warnings };
}

function readResource(element: XmlElement): ManifestResource | null {
  const [file] = childrenNamed(element, 'file');
  const href =
    attribute(element, 'href') ?? (file === undefined ? undefined : attribute(file, 'href'));
  if (href === undefined) return null;
  return {
    identifier: attribute(element, 'identifier') ?? '',
    kind: kindOf(required(element, 'type')),
    file: resolveHref(MANIFEST, href, element.line),
  };
}

/** Versions of the items and tests within are told by the files themselves. */
function kindOf(type: string): ManifestResource['kind'] {
  const [, what, version] =
    /^imsqti_(?:apip)?(item|test|assessment|stimulus)_xmlv(\d+p\d+)$/.exec(type.trim()) ?? [];
  if (what === undefined) return /^imsqti/.test(type) ? 'older' : 'other';
  if (version !== '2p1' && version !== '2p2' && version !== '3p0') return 'older';
  if (what === 'item' || what === 'stimulus') return what;
  return 'test';
}
