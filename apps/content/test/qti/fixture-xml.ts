/** `types` is cardinality and base type. */
export const response = (types: string, inner = '', id = 'RESPONSE') => {
  const [cardinality = '', baseType = ''] = types.split(' ');
  return (
    `<qti-response-declaration identifier="${id}" cardinality="${cardinality}" ` +
    `base-type="${baseType}">${inner}</qti-response-declaration>`
  );
};
export const key = (...values: string[]) =>
  `<qti-correct-response>${values.map((one) => `<qti-value>${one}</qti-value>`).join('')}` +
  '</qti-correct-response>';
export const mapping = (attributes: string, ...entries: string[]) =>
  `<qti-mapping ${attributes}>${entries.join('')}</qti-mapping>`;
export const block = (kind: string, attributes: string, inner: string) =>
  `<qti-${kind}-interaction response-identifier="RESPONSE" ${attributes}>${inner}` +
  `</qti-${kind}-interaction>`;
export const prompt = '<qti-prompt>Do it.</qti-prompt>';
export const choice = (id: string, attributes = '') =>
  `<qti-simple-choice identifier="${id}" ${attributes}>choice ${id}</qti-simple-choice>`;
export const associable = (id: string, attributes = 'match-max="1"') =>
  `<qti-simple-associable-choice identifier="${id}" ${attributes}>${id}` +
  '</qti-simple-associable-choice>';
export const set = (identifier: string, value: string) =>
  `<qti-set-outcome-value identifier="${identifier}">${value}</qti-set-outcome-value>`;
export const number = (value: number) =>
  `<qti-base-value base-type="float">${value}</qti-base-value>`;
export const variable = (identifier: string) => `<qti-variable identifier="${identifier}"/>`;
export const correct = (identifier: string) => `<qti-correct identifier="${identifier}"/>`;
export const when = (condition: string, then: string, otherwise = '') =>
  `<qti-response-condition><qti-response-if>${condition}${then}</qti-response-if>` +
  (otherwise === '' ? '' : `<qti-response-else>${otherwise}</qti-response-else>`) +
  '</qti-response-condition>';
export const rules = (...all: string[]) =>
  `<qti-response-processing>${all.join('')}</qti-response-processing>`;
export const outcome = (identifier: string, baseType: string, inner = '', attributes = '') =>
  `<qti-outcome-declaration identifier="${identifier}" cardinality="single" ` +
  `base-type="${baseType}" ${attributes}>${inner}</qti-outcome-declaration>`;
export const score = outcome('SCORE', 'float');

/** The parts of an item that make it one of a kind. */
export interface Fixture {
  declarations: string;
  body: string;
  processing?: string;
  outcomes?: string;
  attributes?: string;
}
