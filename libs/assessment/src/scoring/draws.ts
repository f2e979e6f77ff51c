import type { Expression, Rule } from '../items/rules.js';
import { seededRandom } from '../forms/random.js';
import type { Random } from '../forms/random.js';

/** Where an item's random expressions draw from. */
export interface Draws {
  /** The numbers of one expression, going on where it last stopped. */
  of(expression: Expression): Random;
  /** Whether anything was drawn, so that the seed matters to the score. */
  readonly used: boolean;
}

/**
 * Draws from a seed. Every random expression has numbers of its own, told apart by its place among
 * the random expressions of the rules: what one draws does not depend on which others were
 * evaluated before it, on the branch taken, or on the answer. An expression that is evaluated again
 * (`repeat`, a later try) draws its next number.
 */
export function drawsFrom(seed: string, rules: readonly Rule[]): Draws {
  const streams = new Map<Expression, Random>();
  let places: Map<Expression, number> | undefined;
  return {
    of(expression) {
      places ??= placesIn(rules);
      let stream = streams.get(expression);
      if (stream === undefined) {
        stream = seededRandom(`${seed}\n${places.get(expression) ?? 0}`);
        streams.set(expression, stream);
      }
      return stream;
    },
    get used() {
      return places !== undefined;
    },
  };
}

/** A number from 0 up to 1, 1 excluded, with all 53 bits of a double drawn. */
export function fraction(random: Random): number {
  const high = random.below(2 ** 26) * 2 ** 27;
  return (high + random.below(2 ** 27)) / 2 ** 53;
}

/** The random expressions in document order, counted from 1. Without recursion: rules may be deep. */
function placesIn(rules: readonly Rule[]): Map<Expression, number> {
  const places = new Map<Expression, number>();
  const left: (Rule | Expression)[] = rules.toReversed();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if ('op' in node && node.op.startsWith('random')) places.set(node, places.size + 1);
    left.push(...childrenOf(node).reverse());
  }
  return places;
}

function childrenOf(node: Rule | Expression): (Rule | Expression)[] {
  if ('op' in node) return 'of' in node ? [...node.of] : [];
  switch (node.rule) {
    case 'condition':
      return [...node.branches.flatMap(({ when, rules }) => [when, ...rules]), ...node.otherwise];
    case 'set-outcome':
    case 'lookup-outcome':
      return [node.value];
    case 'fragment':
      return [...node.rules];
    case 'exit':
      return [];
  }
}
