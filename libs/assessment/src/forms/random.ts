/** A source of pseudo-random whole numbers; the same seed gives the same numbers for ever. */
export interface Random {
  /** A whole number in 0..below-1, each as likely; `below` is 1..2^32. */
  below(below: number): number;
}

/**
 * Numbers drawn from a text. The four words of the generator's state are FNV-1a hashes of the text
 * from four starting points, each put through the finaliser of MurmurHash3. Forms that were given
 * out depend on every bit of this: to change it, add a second generator. It is not for secrets.
 */
export function seededRandom(seed: string): Random {
  const [a, b, c, d] = [1, 2, 3, 4].map((lane) => hash32(seed, lane)) as State;
  // The generator never leaves a state that is all zeros.
  return xoshiro128((a | b | c | d) === 0 ? [1, b, c, d] : [a, b, c, d]);
}

type State = [number, number, number, number];

/**
 * xoshiro128** (Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS
 * 47(4), 2021).
 */
export function xoshiro128(state: State): Random {
  let [a, b, c, d] = state;

  function next(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  }

  return {
    below(below) {
      // Numbers past the last full multiple are drawn again, or small ones would come more often.
      const limit = 2 ** 32 - (2 ** 32 % below);
      for (;;) {
        const drawn = next();
        if (drawn < limit) return drawn % below;
      }
    },
  };
}

/** A new list in random order (Fisher and Yates, from the end). */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

/** A new list in random order in which the fixed ones stay where they were. */
export function shuffledAround<T>(
  list: readonly T[],
  isFixed: (one: T) => boolean,
  random: Random,
): T[] {
  const free = shuffled(
    list.filter((one) => !isFixed(one)),
    random,
  );
  let taken = 0;
  return list.map((one) => (isFixed(one) ? one : (free[taken++] as T)));
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function hash32(text: string, lane: number): number {
  let hash = (0x811c9dc5 ^ Math.imul(lane, 0x9e3779b1)) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
