/** The versions of QTI that are written. */
export const EXPORT_VERSIONS = ['2.2', '3.0'] as const;
export type ExportVersion = (typeof EXPORT_VERSIONS)[number];

interface Names {
  namespace: string;
  schema: string;
  manifestNamespace: string;
  manifestSchema: string;
  manifestVersion: string;
  /** As resources name their type: `imsqti_item_xmlv3p0`. */
  suffix: string;
  /** Address of a scoring template without its name, and what follows the name. */
  templates: readonly [before: string, after: string];
}

/** What documents of a version call themselves. */
export const NAMES: Readonly<Record<ExportVersion, Names>> = {
  '2.2': {
    namespace: 'http://www.imsglobal.org/xsd/imsqti_v2p2',
    schema: 'http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd',
    manifestNamespace: 'http://www.imsglobal.org/xsd/imscp_v1p1',
    manifestSchema: 'http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd',
    manifestVersion: '1.0.0',
    suffix: 'v2p2',
    templates: ['http://www.imsglobal.org/question/qti_v2p2/rptemplates/', ''],
  },
  '3.0': {
    namespace: 'http://www.imsglobal.org/xsd/imsqtiasi_v3p0',
    schema: 'https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd',
    manifestNamespace: 'http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1',
    manifestSchema:
      'https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd',
    manifestVersion: '3.0.0',
    suffix: 'v3p0',
    templates: ['https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/', '.xml'],
  },
};

/** The attributes of a document's first element that say what it is. */
export function rootAttributes(namespace: string, schema: string): Record<string, string> {
  return {
    xmlns: namespace,
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:schemaLocation': `${namespace} ${schema}`,
  };
}
