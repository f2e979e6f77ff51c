import { NAMES, rootAttributes } from './export-version.js';
import type { ExportVersion } from './export-version.js';
import { el } from './xml-writing.js';
import type { XmlNode } from './xml-writing.js';

export interface Resource {
  kind: 'item' | 'test' | 'stimulus' | 'media';
  href: string;
  /** Other files that it needs. */
  needs: readonly string[];
}

/** The list of what is in a package. */
export function manifestElement(
  identifier: string,
  resources: readonly Resource[],
  version: ExportVersion,
): XmlNode {
  const names = NAMES[version];
  const ids = new Map(resources.map(({ href }, index) => [href, `resource-${index + 1}`]));
  const about = rootAttributes(names.manifestNamespace, names.manifestSchema);
  return el('manifest', { ...about, identifier }, [
    el('metadata', {}, [
      el('schema', {}, [version === '3.0' ? 'QTI Package' : 'QTIv2.2 Package']),
      el('schemaversion', {}, [names.manifestVersion]),
    ]),
    el('organizations'),
    el(
      'resources',
      {},
      resources.map(({ kind, href, needs }) =>
        el('resource', { identifier: ids.get(href), type: typeOf(kind, version), href }, [
          el('file', { href }),
          ...needs.flatMap((need) => {
            const identifierref = ids.get(need);
            return identifierref === undefined ? [] : [el('dependency', { identifierref })];
          }),
        ]),
      ),
    ),
  ]);
}

function typeOf(kind: Resource['kind'], version: ExportVersion): string {
  return kind === 'media' ? 'webcontent' : `imsqti_${kind}_xml${NAMES[version].suffix}`;
}
