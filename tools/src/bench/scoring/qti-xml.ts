import type { Expression, Rule, ScoringSpec } from '@parlance/assessment';

/** An item of the bench as QTI 3.0, for engines that read it; only what the loads use. */
export function qtiXml({ identifier, responses, outcomes, processing }: ScoringSpec): string {
  const declared = responses.map((one) => {
    const correct = (one.correct ?? []).map((text) => element('value', {}, escaped(text)));
    const { mapping } = one;
    const entries = (mapping?.entries ?? []).map(({ key, value, caseSensitive }) =>
      element('map-entry', {
        'map-key': key,
        'mapped-value': value,
        'case-sensitive': caseSensitive,
      }),
    );
    const bounds = {
      'default-value': mapping?.defaultValue,
      'lower-bound': mapping?.lowerBound,
      'upper-bound': mapping?.upperBound,
    };
    const inside = [
      ...(correct.length > 0 ? [element('correct-response', {}, correct.join(''))] : []),
      ...(entries.length > 0 ? [element('mapping', bounds, entries.join(''))] : []),
    ].join('');
    return element('response-declaration', typeOf(one), inside);
  });
  const outcome = outcomes.map((one) => element('outcome-declaration', typeOf(one)));
  const parts = [
    ...declared,
    ...outcome,
    element('item-body', {}, '<p>-</p>'),
    rulesOf(processing),
  ];
  const namespace = 'http://www.imsglobal.org/xsd/imsqtiasi_v3p0';
  const attributes = { xmlns: namespace, identifier, title: identifier, 'time-dependent': false };
  return element('assessment-item', { ...attributes, adaptive: false }, parts.join('\n'));
}

type Attributes = Record<string, string | number | boolean | undefined>;

function element(name: string, attributes: Attributes, inside = ''): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const text = given.map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('');
  return `<qti-${name}${text}>${inside}</qti-${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function typeOf(one: { identifier: string; cardinality: string; baseType: string }): Attributes {
  const { identifier, cardinality, baseType } = one;
  return { identifier, cardinality, 'base-type': baseType };
}

function rulesOf(processing: ScoringSpec['processing']): string {
  if (processing.kind === 'rules') {
    return element('response-processing', {}, processing.rules.map(ruleXml).join(''));
  }
  const name = processing.kind === 'template' ? processing.name : 'match_correct';
  const template = `https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/${name}.xml`;
  return element('response-processing', { template });
}

function ruleXml(rule: Rule): string {
  if (rule.rule === 'set-outcome') {
    return element('set-outcome-value', { identifier: rule.identifier }, expressionXml(rule.value));
  }
  if (rule.rule !== 'condition') throw new Error(`The bench has no XML for ${rule.rule}.`);
  const branches = rule.branches.map(({ when, rules }, index) => {
    const inside = [expressionXml(when), ...rules.map(ruleXml)].join('');
    return element(index === 0 ? 'response-if' : 'response-else-if', {}, inside);
  });
  return element('response-condition', {}, branches.join(''));
}

function expressionXml(expression: Expression): string {
  const inside = 'of' in expression ? expression.of.map(expressionXml).join('') : '';
  switch (expression.op) {
    case 'base-value':
      return element('base-value', { 'base-type': expression.baseType }, escaped(expression.value));
    case 'variable':
    case 'correct':
    case 'map-response':
      return element(expression.op, { identifier: expression.identifier });
    case 'string-match':
      return element(expression.op, { 'case-sensitive': expression.caseSensitive }, inside);
    default:
      return element(expression.op, {}, inside);
  }
}
