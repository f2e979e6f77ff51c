import type { Stimulus } from '@parlance/assessment';
import { contentHash } from '../content-hash.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { readBody } from './body.js';
import { FileFault } from './file-fault.js';
import type { Losses } from './losses.js';
import { resolveHref, shown } from './paths.js';
import { type PackageParts, type Reading, startReading } from './reading.js';
import { requireRoot } from './version.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, childrenNamed, identifierOf, required } from './xml-reading.js';
import { titleOf } from './xml-reading.js';

const REFERENCE = 'qti-assessment-stimulus-ref';

/** @throws FileFault when the file is no stimulus. */
export function readStimulus(
  file: string,
  document: XmlElement,
  parts: PackageParts,
): { stimulus: Stimulus; losses: Losses } {
  const { reading, root } = startReading(file, document, parts);
  requireRoot(root, 'qti-assessment-stimulus', 'stimulus');
  const element = childNamed(root, 'qti-stimulus-body');
  if (element === undefined) throw new FileFault('The stimulus has no body.', root.line);
  const title = titleOf(root, identifierOf(root));
  return { stimulus: stimulusOf(title, readBody(element, reading)), losses: reading.losses };
}

function stimulusOf(title: string, body: Stimulus['body']): Stimulus {
  return { id: contentHash(canonicalJson({ title, body })), title, body };
}

/** Paths of the stimuli that a document refers to, whatever version names them. */
export function stimulusPathsIn(file: string, root: XmlElement): string[] {
  const references = [
    ...childrenNamed(root, REFERENCE),
    ...childrenNamed(root, 'assessmentStimulusRef'),
  ];
  return references.flatMap((one) => {
    const href = attribute(one, 'href');
    return href === undefined ? [] : [resolveHref(file, href, one.line)];
  });
}

/**
 * What the item shares with others; several texts become one, in their order.
 *
 * @throws FileFault when it cannot be used: a question about a text that is not there is none.
 */
export function stimulusIn(root: XmlElement, { file, parts }: Reading): Stimulus | undefined {
  const found = childrenNamed(root, REFERENCE).map((element) => {
    const path = resolveHref(file, required(element, 'href'), element.line);
    const stimulus = parts.stimuli.get(path) ?? 'It is not in the package.';
    if (typeof stimulus !== 'string') return stimulus;
    throw new FileFault(`The item needs ${shown(path)}. ${stimulus}`, element.line);
  });
  const [first] = found;
  if (first === undefined || found.length === 1) return first;
  return stimulusOf(
    first.title,
    found.flatMap(({ body }) => body),
  );
}
