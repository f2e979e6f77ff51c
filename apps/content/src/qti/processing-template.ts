import type { Processing, Rule } from '@parlance/assessment';
import type { Scope } from './expressions.js';
import { FileFault } from './file-fault.js';
import { shown } from './paths.js';
import type { Reading } from './reading.js';

/** The standard's templates and those of Common Cartridge 2, by what each needs of its response. */
const TEMPLATES = {
  match_correct: 'correct',
  map_response: 'mapping',
  map_response_point: 'areaMapping',
  CC2_match: 'correct',
  CC2_match_basic: 'correct',
  CC2_map_response: 'mapping',
} as const;

type TemplateName = keyof typeof TEMPLATES;

const NEEDED = {
  correct: 'correct response',
  mapping: 'mapping',
  areaMapping: 'mapping of areas',
} as const;

/**
 * Templates are known by the last part of their address, which QTI 2.0 to 3.0 share.
 *
 * @throws FileFault for another template, or one that has nothing to go by.
 */
export function readTemplate(
  address: string,
  line: number,
  scope: Scope,
  { losses }: Reading,
): Processing {
  const last = address
    .trim()
    .replace(/\.xml$/, '')
    .split('/')
    .at(-1);
  const name = (Object.keys(TEMPLATES) as TemplateName[]).find((one) => one === last);
  if (name === undefined) {
    throw new FileFault(`The scoring template "${shown(address)}" is not supported.`, line);
  }
  const response = scope.responses.get('RESPONSE') ?? soleResponse(scope);
  if (response === undefined) {
    throw new FileFault(`The template ${name} scores RESPONSE, which is not declared.`, line);
  }
  const { identifier } = response;
  if (identifier !== 'RESPONSE') {
    const detail =
      `The template ${name} scores RESPONSE, which is not declared; ` +
      `"${shown(identifier)}", the only one, is scored instead.`;
    losses.add('sole-answer-taken', detail, line);
  } else if (scope.responses.size > 1) {
    const detail = `The template ${name} scores RESPONSE only; the other answers count nothing.`;
    losses.add('answers-not-scored', detail, line);
  }
  const field = TEMPLATES[name];
  if (response[field] === undefined) {
    const needs = NEEDED[field];
    throw new FileFault(`The template ${name} needs a ${needs}, and there is none.`, line);
  }
  return processingOf(name, identifier, scope);
}

function soleResponse(scope: Scope) {
  return scope.responses.size === 1 ? [...scope.responses.values()][0] : undefined;
}

function processingOf(name: TemplateName, responseId: string, scope: Scope): Processing {
  switch (name) {
    case 'CC2_match':
      return { kind: 'template', name: 'match_correct', responseId };
    case 'CC2_match_basic':
      return { kind: 'rules', rules: basicMatch(responseId, scope) };
    case 'CC2_map_response':
      return { kind: 'rules', rules: mapWithFeedback(responseId, scope) };
    default:
      return { kind: 'template', name, responseId };
  }
}

const set = (identifier: string, value: Extract<Rule, { rule: 'set-outcome' }>['value']): Rule => ({
  rule: 'set-outcome',
  identifier,
  value,
});

/** Says in an outcome how it went, where the item has that outcome. */
function say(identifier: string, text: string, scope: Scope): Rule[] {
  if (!scope.outcomes.has(identifier)) return [];
  return [set(identifier, { op: 'base-value', baseType: 'identifier', value: text })];
}

/** All of MAXSCORE or nothing. */
function basicMatch(identifier: string, scope: Scope): Rule[] {
  const isRight = {
    op: 'match' as const,
    of: [
      { op: 'variable' as const, identifier },
      { op: 'correct' as const, identifier },
    ],
  };
  const most = scope.outcomes.has('MAXSCORE')
    ? { op: 'variable' as const, identifier: 'MAXSCORE' }
    : { op: 'base-value' as const, baseType: 'float' as const, value: '1' };
  const rules = [set('SCORE', most), ...say('FEEDBACKBASIC', 'correct', scope)];
  const otherwise = say('FEEDBACKBASIC', 'incorrect', scope);
  return [{ rule: 'condition', branches: [{ when: isRight, rules }], otherwise }];
}

function mapWithFeedback(identifier: string, scope: Scope): Rule[] {
  const isUnanswered = { op: 'is-null' as const, of: [{ op: 'variable' as const, identifier }] };
  const scored: Rule = {
    rule: 'condition',
    branches: [
      {
        when: isUnanswered,
        rules: [set('SCORE', { op: 'base-value', baseType: 'float', value: '0' })],
      },
    ],
    otherwise: [set('SCORE', { op: 'map-response', identifier })],
  };
  if (!scope.outcomes.has('MAXSCORE') || !scope.outcomes.has('FEEDBACK')) return [scored];
  const isFull = {
    op: 'equal' as const,
    toleranceMode: 'exact' as const,
    tolerance: [0, 0] as [number, number],
    includeLowerBound: true,
    includeUpperBound: true,
    of: [
      { op: 'variable' as const, identifier: 'MAXSCORE' },
      { op: 'variable' as const, identifier: 'SCORE' },
    ],
  };
  const rules = say('FEEDBACK', 'correct', scope);
  const otherwise = say('FEEDBACK', 'incorrect', scope);
  return [scored, { rule: 'condition', branches: [{ when: isFull, rules }], otherwise }];
}
