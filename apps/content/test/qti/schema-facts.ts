/**
 * What the schemas of QTI 2.2 and 3.0 demand of the elements that exports write, under the names
 * of 3.0. Taken by hand from imsqti_v2p2.xsd, imsqti_asiv3p0_v1p0.xsd and the schemas of their
 * manifests, which their licence keeps out of this repository.
 */
const words = (text: string): string[] => text.split(' ');

const FLOW =
  'blockquote div dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul abbr b bdo br cite code dfn em i img ' +
  'kbd object q samp small span strong sub sup var';
const INLINE =
  'abbr b bdo br cite code dfn em i img kbd object q samp small span strong sub sup var';
const IN_TEXT = 'qti-gap qti-hottext qti-inline-choice-interaction qti-text-entry-interaction';
const BLOCKS =
  'blockquote div dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul qti-choice-interaction ' +
  'qti-extended-text-interaction qti-order-interaction qti-match-interaction ' +
  'qti-associate-interaction qti-gap-match-interaction qti-hottext-interaction ' +
  'qti-select-point-interaction qti-slider-interaction qti-media-interaction ' +
  'qti-upload-interaction';
const PLAYERS = 'audio video';
const THREE = 'bdi figure ruby';

/** Children in their order. Other elements than these have no children, or any. */
export const ORDER: Readonly<Record<string, string[]>> = {
  manifest: words('metadata organizations resources'),
  metadata: words('schema schemaversion'),
  resource: words('metadata file dependency'),
  'qti-assessment-item': words(
    'qti-response-declaration qti-outcome-declaration qti-assessment-stimulus-ref ' +
      'qti-stylesheet qti-item-body qti-response-processing qti-modal-feedback',
  ),
  'qti-response-declaration': words(
    'qti-default-value qti-correct-response qti-mapping qti-area-mapping',
  ),
  'qti-outcome-declaration': words('qti-default-value qti-match-table qti-interpolation-table'),
  'qti-response-condition': words('qti-response-if qti-response-else-if qti-response-else'),
  'qti-assessment-stimulus': words('qti-stylesheet qti-stimulus-body'),
  'qti-assessment-test': words('qti-outcome-declaration qti-time-limits qti-test-part'),
  'qti-test-part': words('qti-item-session-control qti-time-limits qti-assessment-section'),
  'qti-choice-interaction': words('qti-prompt qti-simple-choice'),
  'qti-order-interaction': words('qti-prompt qti-simple-choice'),
  'qti-match-interaction': words('qti-prompt qti-simple-match-set'),
  'qti-associate-interaction': words('qti-prompt qti-simple-associable-choice'),
  'qti-inline-choice-interaction': words('qti-inline-choice'),
  'qti-select-point-interaction': words('qti-prompt object'),
  'qti-media-interaction': words(`qti-prompt object ${PLAYERS}`),
  'qti-upload-interaction': words('qti-prompt'),
  'qti-extended-text-interaction': words('qti-prompt'),
  'qti-slider-interaction': words('qti-prompt'),
  'qti-gap-match-interaction': words(`qti-prompt qti-gap-text ${BLOCKS}`),
  'qti-hottext-interaction': words(`qti-prompt ${BLOCKS}`),
  table: words('caption col colgroup thead tfoot tbody'),
};

/** Children in any order, of these alone. */
export const CHILDREN: Readonly<Record<string, string[]>> = {
  'qti-item-body': words(`${BLOCKS} ${PLAYERS} figure qti-rubric-block`),
  'qti-stimulus-body': words(`${BLOCKS} ${PLAYERS} figure`),
  'qti-prompt': words(`${FLOW} ${PLAYERS} ${THREE}`),
  'qti-simple-choice': words(`${FLOW} ${PLAYERS} ${THREE}`),
  'qti-simple-associable-choice': words(`${FLOW} ${PLAYERS} ${THREE}`),
  'qti-inline-choice': words(INLINE),
  'qti-gap-text': words(INLINE),
  'qti-hottext': words(INLINE),
  p: words(`${INLINE} ${IN_TEXT} bdi ruby`),
  span: words(`${INLINE} ${IN_TEXT} bdi ruby`),
  strong: words(`${INLINE} ${IN_TEXT} bdi ruby`),
  h2: words(`${INLINE} ${IN_TEXT} bdi ruby`),
  ul: ['li'],
  ol: ['li'],
  tbody: ['tr'],
  tr: ['td', 'th'],
};

/** Elements that QTI 2.2 lacks, in its own namespace. */
export const ONLY_IN_3: ReadonlySet<string> = new Set(
  words('audio video figure figcaption bdi ruby rt rp qti-content-body'),
);

export const REQUIRED: Readonly<Record<string, string[]>> = {
  manifest: ['identifier'],
  resource: words('identifier type href'),
  'qti-assessment-item': words('identifier title time-dependent'),
  'qti-response-declaration': words('identifier cardinality'),
  'qti-outcome-declaration': words('identifier cardinality'),
  'qti-assessment-stimulus-ref': words('identifier href'),
  'qti-assessment-stimulus': words('identifier title'),
  'qti-assessment-test': words('identifier title'),
  'qti-test-part': words('identifier navigation-mode submission-mode'),
  'qti-assessment-section': words('identifier title visible'),
  'qti-assessment-item-ref': words('identifier href'),
  'qti-selection': ['select'],
  'qti-rubric-block': words('view use'),
  'qti-map-entry': words('map-key mapped-value'),
  'qti-simple-choice': ['identifier'],
  'qti-simple-associable-choice': words('identifier match-max'),
  'qti-gap-text': words('identifier match-max'),
  'qti-media-interaction': words('response-identifier autostart'),
  'qti-slider-interaction': words('response-identifier lower-bound upper-bound'),
  'qti-any-n': words('min max'),
  'qti-string-match': ['case-sensitive'],
  'qti-base-value': ['base-type'],
  img: words('src alt'),
  object: words('data type'),
};

/** All attributes that an element may have in 3.0, where it may not have any. */
const HTML = words('lang dir class id role aria-label');
export const ATTRIBUTES: Readonly<Record<string, string[]>> = {
  'qti-gap-text': words('identifier match-max match-min'),
  p: HTML,
  span: HTML,
  div: HTML,
  ol: HTML,
  ul: HTML,
  li: HTML,
  td: [...HTML, 'colspan', 'rowspan', 'scope'],
  th: [...HTML, 'colspan', 'rowspan', 'scope'],
  audio: [...HTML, 'src', 'controls'],
  video: [...HTML, 'src', 'controls', 'width', 'height'],
};

const BOOLEAN = /^(true|false)$/;
const NAME = /^[\p{L}_][\p{L}\p{N}._-]*$/u;
const MEDIA_TYPE = /^[!-~]+\/[!-~]+$/;

/** How values look, by element and attribute; an element of `*` is any of QTI. */
export const VALUES: Readonly<Record<string, RegExp>> = {
  'manifest identifier': NAME,
  'schemaversion ': /^(1\.0\.0|3\.0\.0)$/,
  '* identifier': NAME,
  '* response-identifier': NAME,
  '* shuffle': BOOLEAN,
  '* fixed': BOOLEAN,
  '* required': BOOLEAN,
  '* case-sensitive': BOOLEAN,
  '* time-dependent': BOOLEAN,
  '* adaptive': BOOLEAN,
  '* autostart': BOOLEAN,
  '* cardinality': /^(single|multiple|ordered|record)$/,
  '* base-type':
    /^(boolean|directedPair|duration|file|float|identifier|integer|pair|point|string|uri)$/,
  '* external-scored': /^(human|externalMachine)$/,
  '* navigation-mode': /^(linear|nonlinear)$/,
  '* submission-mode': /^(individual|simultaneous)$/,
  '* orientation': /^(horizontal|vertical)$/,
  '* view': /^(author|candidate|proctor|scorer|testConstructor|tutor)$/,
  '* match-max': /^\d+$/,
  '* max-choices': /^\d+$/,
  '* max-time': /^\d+(\.\d+)?$/,
  'qti-upload-interaction type': MEDIA_TYPE,
  'object type': MEDIA_TYPE,
  'audio controls': BOOLEAN,
  'video controls': BOOLEAN,
};
