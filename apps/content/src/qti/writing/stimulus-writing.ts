import type { Stimulus } from '@parlance/assessment';
import { bodyContent } from './body-writing.js';
import { NAMES, rootAttributes } from './export-version.js';
import type { Writing } from './writing.js';
import { el } from './xml-writing.js';
import type { XmlNode } from './xml-writing.js';

/** A text that items share, as a document. */
export function stimulusElement({ id, title, body }: Stimulus, writing: Writing): XmlNode {
  const { namespace, schema } = NAMES[writing.version];
  const about = { identifier: `stimulus-${id.slice(0, 16)}`, title };
  return el('qti-assessment-stimulus', { ...rootAttributes(namespace, schema), ...about }, [
    el('qti-stimulus-body', {}, bodyContent(body, 'blocks', writing)),
  ]);
}
