import { zipSync } from 'fflate';

const ITEM_NAMESPACE = 'http://www.imsglobal.org/xsd/imsqtiasi_v3p0';
const PACKAGE_NAMESPACE = 'http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1';
const MATCH_CORRECT = 'https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml';

/** A QTI 3.0 package of one-point items whose choices are called right and wrong. */
export function responsePackage(items: string[]): Uint8Array {
  for (const item of items) {
    if (!/^[A-Za-z_][\w.-]{0,30}$/.test(item)) throw new Error(`"${item}" is not an item name.`);
  }
  const resources = items.map(
    (item) =>
      `<resource identifier="${item}" type="imsqti_item_xmlv3p0" href="${item}.xml"><file href="${item}.xml"/></resource>`,
  );
  const references = items.map(
    (item) => `<qti-assessment-item-ref identifier="${item}" href="${item}.xml"/>`,
  );
  const files: Record<string, string> = {
    'imsmanifest.xml': `<manifest xmlns="${PACKAGE_NAMESPACE}" identifier="responses"><metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata><organizations/><resources><resource identifier="test" type="imsqti_test_xmlv3p0" href="test.xml"><file href="test.xml"/></resource>${resources.join('')}</resources></manifest>`,
    'test.xml': `<qti-assessment-test xmlns="${ITEM_NAMESPACE}" identifier="responses-${items.length}" title="Test of ${items.length} items"><qti-test-part identifier="part" navigation-mode="nonlinear" submission-mode="simultaneous"><qti-assessment-section identifier="section" title="Grammar" visible="true">${references.join('')}</qti-assessment-section></qti-test-part></qti-assessment-test>`,
  };
  for (const item of items) files[`${item}.xml`] = itemXml(item);
  const encode = (text: string) =>
    new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encode(text)])),
  );
}

function itemXml(item: string): string {
  return `<qti-assessment-item xmlns="${ITEM_NAMESPACE}" identifier="${item}" title="Item ${item}" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>right</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1">
    <qti-prompt>Item ${item}</qti-prompt>
    <qti-simple-choice identifier="right">The right answer</qti-simple-choice>
    <qti-simple-choice identifier="wrong">A wrong answer</qti-simple-choice>
  </qti-choice-interaction></qti-item-body>
  <qti-response-processing template="${MATCH_CORRECT}"/>
</qti-assessment-item>`;
}
