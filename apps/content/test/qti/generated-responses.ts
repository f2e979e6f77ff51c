import { correctResponses, seededRandom, shuffled } from '@parlance/assessment';
import type { Interaction, ItemDelivery, Random, Responses } from '@parlance/assessment';
import type { ResponseValue, ScoringSpec } from '@parlance/assessment';

/** Everything a key knows of one answer: the values that are worth something. */
type Known = Readonly<Record<string, readonly string[]>>;

/**
 * Answers to one item as learners and worse would give them: the key, parts of it, slips, nothing,
 * and values that no client should send. The same seed gives the same answers.
 */
export function generatedResponses(
  { delivery, scoring }: { delivery: ItemDelivery; scoring: ScoringSpec },
  count: number,
  seed: string,
): Responses[] {
  const random = seededRandom(seed);
  const known = knownValues(scoring);
  const key = correctResponses(scoring);
  return Array.from({ length: count }, (_, index): Responses => {
    if (index === 0) return key;
    if (index === 1) return {};
    return Object.fromEntries(
      delivery.interactions.map((one) => {
        const isKey = random.below(5) === 0 && Object.hasOwn(key, one.responseId);
        const value = isKey ? key[one.responseId] : generated(one, known, random);
        return [one.responseId, value ?? null];
      }),
    );
  });
}

function knownValues({ responses, parts }: ScoringSpec): Known {
  return Object.fromEntries(
    responses.map(({ identifier, correct = [], mapping }) => {
      const scoring = parts.find((one) => one.responseId === identifier)?.scoring;
      const orders = scoring?.kind === 'order' ? scoring.alternatives.flat() : [];
      const keys = mapping?.entries.map((entry) => entry.key) ?? [];
      return [identifier, [...correct, ...keys, ...orders]];
    }),
  );
}

const pick = <T>(all: readonly T[], random: Random): T | undefined =>
  all.length === 0 ? undefined : all[random.below(all.length)];

const some = (all: readonly string[], random: Random): string[] =>
  shuffled([...all], random).slice(0, random.below(all.length + 1));

function generated(interaction: Interaction, known: Known, random: Random): ResponseValue {
  const dice = random.below(100);
  if (dice < 5) return null;
  if (dice < 8) return pick(NONSENSE, random) ?? null;
  const keys = known[interaction.responseId] ?? [];
  switch (interaction.kind) {
    case 'choice': {
      const ids = interaction.choices.map((one) => one.id);
      return interaction.cardinality === 'single' ? (pick(ids, random) ?? null) : some(ids, random);
    }
    case 'inline-choice':
      return pick(interaction.choices, random)?.id ?? null;
    case 'order':
    case 'hottext':
      return some(
        interaction.choices.map((one) => one.id),
        random,
      );
    case 'match':
      return pairs(ids(interaction.sources), ids(interaction.targets), keys, random);
    case 'associate':
      return pairs(ids(interaction.choices), ids(interaction.choices), keys, random);
    case 'gap-match':
      return pairs(ids(interaction.choices), ids(interaction.gaps), keys, random);
    case 'text-entry':
    case 'extended-text':
      return typed(keys, random);
    case 'slider':
      return String(
        interaction.lowerBound + random.below(interaction.upperBound - interaction.lowerBound + 1),
      );
    case 'select-point':
      return Array.from(
        { length: random.below(4) },
        () => pick(['10 10', '12 9', '55 55', '50 60', '99 79', '0 0', '10 16'], random) ?? '',
      );
    default:
      return null;
  }
}

const NONSENSE: readonly ResponseValue[] = [
  '',
  [],
  'no such choice',
  ['no such choice'],
  ['A', 'A'],
  ['A B C'],
  'NaN',
  '1e999',
  '\u0000',
  '\ud800',
  'İI\u0131',
  '💥'.repeat(50),
  Array.from({ length: 600 }, () => 'A'),
];

function ids(all: readonly { id: string }[]): string[] {
  return all.map((one) => one.id);
}

function pairs(
  firsts: readonly string[],
  seconds: readonly string[],
  keys: readonly string[],
  random: Random,
): string[] {
  const count = random.below(firsts.length + 2);
  return Array.from({ length: count }, () => {
    if (random.below(2) === 0 && keys.length > 0) return pick(keys, random) ?? '';
    return `${pick(firsts, random)} ${pick(seconds, random)}`;
  });
}

function typed(keys: readonly string[], random: Random): string {
  const key = pick(keys, random) ?? 'hello 12';
  const dice = random.below(9);
  const number = Number(key);
  const nearby = Number.isFinite(number)
    ? String(number + (random.below(1000) - 500) / 2000)
    : `${key}s`;
  const changed = [
    key,
    key.toUpperCase(),
    key.toLowerCase(),
    ` ${key} `,
    key.replaceAll("'", '\u2019'),
    key.slice(1),
    key.normalize('NFD'),
    nearby,
    `x${key}7`,
  ];
  return changed[dice] ?? key;
}
