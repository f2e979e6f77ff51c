import { assert, double, integer, property, array, tuple } from 'fast-check';
import { markerAgreement, quadraticWeightedKappa } from './agreement.js';
import { decideMarks } from './double-marking.js';
import { codePointLength, isRangeOf } from './text-range.js';

/** Reference 3.2: two readers of eight essays, levels 0 to 4. */
const X = [0, 1, 2, 3, 4, 3, 2, 1];
const Y = [0, 1, 2, 2, 4, 3, 3, 1];
const pairs = X.map((x, n) => [x, Y[n] as number] as const);

describe('quadratic weighted kappa', () => {
  it('is 0.9167 for the vector of the reference', () => {
    expect(quadraticWeightedKappa(pairs)).toBeCloseTo(0.9167, 4);
  });

  it('is null without pairs, and where chance cannot disagree', () => {
    expect(quadraticWeightedKappa([])).toBeNull();
    expect(quadraticWeightedKappa([[3, 3], [3, 3]])).toBeNull(); // prettier-ignore
  });

  it('is 1 for full agreement, -1 for reversed ranks of two levels, 0 beside a constant', () => {
    expect(quadraticWeightedKappa([[0, 0], [5, 5]])).toBe(1); // prettier-ignore
    expect(quadraticWeightedKappa([[0, 1], [1, 0]])).toBe(-1); // prettier-ignore
    expect(quadraticWeightedKappa([[0, 1], [2, 1]])).toBe(0); // prettier-ignore
  });

  const point = integer({ min: 0, max: 9 });
  const some = array(tuple(point, point), { minLength: 1, maxLength: 30 });

  it('is never above 1, does not mind who is first, nor the unit of the points', () => {
    const by = (list: [number, number][], of: (pair: [number, number]) => [number, number]) =>
      quadraticWeightedKappa(list.map(of)) ?? 2;
    assert(
      property(some, (list) => {
        const kappa = by(list, (pair) => pair);
        expect(kappa === 2 || kappa <= 1).toBe(true);
        expect(by(list, ([x, y]) => [y, x])).toBeCloseTo(kappa, 9);
        expect(by(list, ([x, y]) => [x * 4, y * 4])).toBeCloseTo(kappa, 9);
      }),
    );
  });
});

describe('the agreement of markers', () => {
  it('says who is severe, by the mean of the differences', () => {
    const answers = [
      [{ markerId: 'ann', points: 3 }, { markerId: 'bob', points: 5 }],
      [{ markerId: 'bob', points: 4 }, { markerId: 'ann', points: 4 }],
      [{ markerId: 'ann', points: 1 }],
    ]; // prettier-ignore
    const [ann, bob] = markerAgreement(answers);
    expect(ann).toMatchObject({ markerId: 'ann', count: 2, severity: -1, exact: 0.5 });
    expect(bob).toMatchObject({ markerId: 'bob', count: 2, severity: 1, exact: 0.5 });
    // Observed (3-5)^2 = 4; expected 0.5 + 0.5 around the means, and 2 * (3.5 - 4.5)^2.
    expect(ann?.kappa).toBeCloseTo(1 - 4 / 3, 12);
  });

  it('is of nobody who marked alone', () => {
    expect(markerAgreement([[{ markerId: 'ann', points: 1 }], []])).toEqual([]);
  });
});

describe('two marks of one answer', () => {
  const decide = (first: number | null, second: number | null, third: number | null = null) =>
    decideMarks({ first, second, third }, 2);

  it('wait for each other', () => {
    expect(decide(null, null)).toEqual({ decided: false, next: 1 });
    expect(decide(4, null)).toEqual({ decided: false, next: 2 });
    expect(decide(null, 4)).toEqual({ decided: false, next: 1 });
  });

  it('give their mean up to the threshold, and a third marking beyond it', () => {
    expect(decide(4, 6)).toEqual({ decided: true, points: 5, by: 'mean' });
    expect(decide(4, 6.5)).toEqual({ decided: false, next: 3 });
    expect(decide(4, 6.5, 6)).toEqual({ decided: true, points: 6, by: 'adjudication' });
  });

  it('are compared as decimals', () => {
    const given = { first: 0.3, second: 0.1, third: null };
    expect(decideMarks(given, 0.2)).toEqual({ decided: true, points: 0.2, by: 'mean' });
  });

  it('give points between the two, in whatever order', () => {
    const points = double({ min: 0, max: 100, noNaN: true });
    assert(
      property(points, points, (a, b) => {
        const one = decideMarks({ first: a, second: b, third: null }, 100);
        const other = decideMarks({ first: b, second: a, third: null }, 100);
        expect(one).toEqual(other);
        if (!one.decided) throw new Error('Within the threshold, yet not decided.');
        expect(one.points).toBeGreaterThanOrEqual(Math.min(a, b) - 1e-6);
        expect(one.points).toBeLessThanOrEqual(Math.max(a, b) + 1e-6);
      }),
    );
  });
});

describe('a range of a text', () => {
  it('counts code points', () => {
    expect(codePointLength('a😀b')).toBe(3);
    expect(isRangeOf('a😀b', { start: 2, end: 3 })).toBe(true);
    expect(isRangeOf('a😀b', { start: 2, end: 4 })).toBe(false);
  });

  it.each([
    [-1, 1],
    [1, 1],
    [2, 1],
    [0, 1.5],
    [0, Number.NaN],
  ])('is not from %p to %p', (start, end) => {
    expect(isRangeOf('abc', { start, end })).toBe(false);
  });
});
