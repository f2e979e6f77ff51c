import fc from 'fast-check';
import { entries, mapTemplate, matchTemplate, response, setScore, spec } from '../../test/specs.js';
import type { Expression, ResponseValue, Responses, Rule, ScoringSpec } from '../index.js';
import { BASE_TYPES, MATH_FUNCTIONS, OPERATOR_ARITY, STATISTICS, scoreItem } from '../index.js';

const CHOICES = ['A', 'B', 'C', 'D', 'E'];
const amount = fc.double({ min: 0, max: 5, noNaN: true });
const chosen = fc.subarray(CHOICES);

const multipleOf = (given: object) => response({ cardinality: 'multiple', ...given });
const pointsOf = (item: ScoringSpec, answer: ResponseValue) =>
  scoreItem(item, { RESPONSE: answer }).points ?? Number.NaN;

describe('a better answer never scores less', () => {
  test('where no entry of a mapping takes points away, one more value never does', () => {
    const worth = fc.dictionary(fc.constantFrom(...CHOICES), amount);
    const given = fc.record({
      worth,
      defaultValue: amount,
      bounds: fc.option(fc.record({ lowerBound: amount, upperBound: amount }), { nil: {} }),
    });
    fc.assert(
      fc.property(given, chosen, fc.constantFrom(...CHOICES), (mapped, answer, more) => {
        const mapping = {
          entries: entries(mapped.worth),
          defaultValue: mapped.defaultValue,
          ...mapped.bounds,
        };
        const item = spec([multipleOf({ mapping })], mapTemplate);
        const better = [...new Set([...answer, more])];
        expect(pointsOf(item, better)).toBeGreaterThanOrEqual(pointsOf(item, answer));
      }),
    );
  });

  test('the key of a match earns most, and any other answer nothing', () => {
    fc.assert(
      fc.property(chosen, chosen, fc.boolean(), (correct, answer, isOrdered) => {
        fc.pre(correct.length > 0);
        const cardinality = isOrdered ? 'ordered' : 'multiple';
        const item = spec([response({ cardinality, correct })], matchTemplate);
        expect(pointsOf(item, correct)).toBe(1);
        const isKey = [...answer].sort().join() === [...correct].sort().join();
        if (!isKey) expect(pointsOf(item, answer)).toBe(0);
      }),
    );
  });
});

describe('parts that have nothing to do with each other', () => {
  test('score the same in whatever order they and their answers stand', () => {
    const part = fc.record({
      worth: fc.dictionary(fc.constantFrom(...CHOICES), amount, { minKeys: 1 }),
      answer: fc.constantFrom(...CHOICES),
    });
    const shuffle = fc.array(part, { minLength: 1, maxLength: 6 }).chain((parts) =>
      fc.tuple(
        fc.constant(parts.map((one, n) => ({ ...one, id: `R${n}` }))),
        fc.shuffledSubarray(
          parts.map((_, n) => n),
          { minLength: parts.length },
        ),
      ),
    );
    fc.assert(
      fc.property(shuffle, ([parts, order]) => {
        const turned = order.map((n) => parts[n] as (typeof parts)[number]);
        const scoreOf = (list: typeof parts) => {
          const declared = list.map(({ id, worth }) =>
            response({ identifier: id, mapping: { entries: entries(worth), defaultValue: 0 } }),
          );
          const of: Expression[] = list.map(({ id }) => ({ op: 'map-response', identifier: id }));
          const item = spec(declared, { kind: 'rules', rules: [setScore({ op: 'sum', of })] });
          const answers = Object.fromEntries(list.map(({ id, answer }) => [id, answer]));
          return scoreItem(item, answers);
        };
        const [one, other] = [scoreOf(parts), scoreOf(turned)];
        expect(other.points).toBe(one.points);
        const byId = (score: typeof one) =>
          score.parts.toSorted((a, b) => a.responseId.localeCompare(b.responseId));
        expect(byId(other)).toEqual(byId(one));
      }),
    );
  });
});

const NAMES = ['RESPONSE', 'LIST', 'SCORE', 'numAttempts', 'NOWHERE'];
const wholeNumber = fc.oneof(
  fc.integer({ min: -2, max: 5 }),
  fc.record({ variable: fc.constantFrom(...NAMES) }),
);

/** Any expression at all, with operands of any type and number. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const of = fc.array(tie('expression'), { maxLength: 3 });
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.record({
        op: fc.constant('base-value' as const),
        baseType: fc.constantFrom(...BASE_TYPES),
        value: fc.oneof(
          fc.string(),
          fc.constantFrom('A', '1', '-0.5', '1e308', 'true', 'A B', '3 4'),
        ),
      }),
      fc.record({
        op: fc.constantFrom('variable', 'correct', 'default', 'map-response', 'map-response-point'),
        identifier: fc.constantFrom(...NAMES),
      }),
      fc.record({
        op: fc.constant('random-integer' as const),
        min: fc.integer(),
        max: fc.integer(),
        step: fc.integer(),
      }),
      fc.record({ op: fc.constant('random-float' as const), min: fc.double(), max: fc.double() }),
      fc.record({
        op: fc.constantFrom(...(Object.keys(OPERATOR_ARITY) as (keyof typeof OPERATOR_ARITY)[])),
        of,
      }),
      fc.record({ op: fc.constant('index' as const), n: wholeNumber, of }),
      fc.record({ op: fc.constant('any-n' as const), min: wholeNumber, max: wholeNumber, of }),
      fc.record({ op: fc.constant('repeat' as const), numberRepeats: wholeNumber, of }),
      fc.record({ op: fc.constant('pattern-match' as const), pattern: fc.string(), of }),
      fc.record({ op: fc.constant('field-value' as const), fieldIdentifier: fc.string(), of }),
      fc.record({
        op: fc.constant('string-match' as const),
        caseSensitive: fc.boolean(),
        substring: fc.boolean(),
        of,
      }),
      fc.record({
        op: fc.constant('math-operator' as const),
        name: fc.constantFrom(...MATH_FUNCTIONS),
        of,
      }),
      fc.record({
        op: fc.constant('stats-operator' as const),
        name: fc.constantFrom(...STATISTICS),
        of,
      }),
      fc.record({
        op: fc.constantFrom('round-to' as const, 'equal-rounded' as const),
        roundingMode: fc.constantFrom('significant-figures' as const, 'decimal-places' as const),
        figures: wholeNumber,
        of,
      }),
      fc.record({
        op: fc.constant('inside' as const),
        shape: fc.constantFrom(
          'default' as const,
          'rect' as const,
          'circle' as const,
          'ellipse' as const,
          'poly' as const,
        ),
        coords: fc.array(fc.integer()),
        of,
      }),
    ) as fc.Arbitrary<Expression>,
  };
});

describe('whatever an item says and whatever is answered', () => {
  const mapping = { entries: entries({ A: 1, B: -2 }), defaultValue: 0.5 };
  const anyItem = fc
    .array(expression, { minLength: 1, maxLength: 3 })
    .map((values): ScoringSpec => {
      const rules: Rule[] = values.map(setScore);
      const declared = [
        response({ correct: ['A'], mapping }),
        multipleOf({ identifier: 'LIST', baseType: 'float', correct: ['1', '2'], mapping }),
      ];
      return { ...spec(declared, { kind: 'rules', rules }), adaptive: true };
    });
  const anyAnswers = fc.dictionary(fc.constantFrom('RESPONSE', 'LIST', '__proto__'), fc.anything());

  test('the points are a finite number or a person gives them, and nothing is thrown', () => {
    fc.assert(
      fc.property(anyItem, anyAnswers, anyAnswers, (item, answers, earlier) => {
        const score = scoreItem(item, answers as Responses, { tries: [earlier as Responses] });
        // A repeat may take its number from a SCORE that was drawn at random: that is too much.
        const isScored = score.status === 'scored';
        expect(isScored ? Number.isFinite(score.points) : score.points === null).toBe(true);
        const { SCORE } = score.outcomes;
        expect(SCORE === null || Number.isFinite(SCORE)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('the same again gives the same again', () => {
    fc.assert(
      fc.property(anyItem, anyAnswers, (item, answers) => {
        const score = scoreItem(item, answers as Responses, { seed: 's' });
        expect(scoreItem(structuredClone(item), answers as Responses, { seed: 's' })).toEqual(
          score,
        );
      }),
    );
  });
});
