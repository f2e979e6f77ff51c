import { point, valueOf, multiple, NULL } from '../../test/expressions.js';
import { pointsFor, response, spec, text } from '../../test/specs.js';
import type { AreaMapping, AreaShape, Expression } from '../index.js';
import { bestMapped, correctResponses, scoreItem } from '../index.js';
import { isInside } from './areas.js';

describe('shapes', () => {
  test.each<[AreaShape, number[], string, boolean]>([
    ['rect', [10, 20, 30, 40], '10 20', true],
    ['rect', [10, 20, 30, 40], '30 40', true],
    ['rect', [30, 40, 10, 20], '15 25', true],
    ['rect', [10, 20, 30, 40], '9 25', false],
    ['rect', [10, 20, 30, 40], '31 25', false],
    ['rect', [10, 20, 30, 40], '15 19', false],
    ['rect', [10, 20, 30, 40], '15 41', false],
    ['circle', [10, 10, 5], '13 14', true],
    ['circle', [10, 10, 5], '14 14', false],
    ['circle', [10, 10, 5], '10 4', false],
    ['ellipse', [10, 10, 8, 2], '18 10', true],
    ['ellipse', [10, 10, 8, 2], '10 12', true],
    ['ellipse', [10, 10, 8, 2], '10 13', false],
    ['ellipse', [10, 10, 8, 2], '17 12', false],
    ['default', [], '999 999', true],
    ['rect', [10, 20], '10 20', false],
    ['circle', [], '0 0', false],
    ['ellipse', [0, 0], '0 0', false],
  ])('%s %j and the point %s', (shape, coords, at, expected) => {
    expect(isInside(shape, coords, at)).toBe(expected);
  });

  // An arrow head: 0,0 to 10,0 to 5,5 (a notch is cut out up to 5,2).
  const notched = [0, 0, 10, 0, 10, 10, 5, 4, 0, 10];
  test.each([
    ['2 2', true],
    ['5 2', true],
    ['5 4', true],
    ['5 6', false],
    ['1 8', true],
    ['9 8', true],
    ['0 0', true],
    ['10 5', true],
    ['5 0', true],
    ['11 5', false],
    ['-1 0', false],
    ['12 0', false],
    ['0 11', false],
  ])('a polygon with a notch and the point %s', (at, expected) => {
    expect(isInside('poly', notched, at)).toBe(expected);
  });

  test('a line is no polygon, and a corner without its y is none', () => {
    expect(isInside('poly', [0, 0, 10, 10], '5 5')).toBe(false);
    expect(isInside('poly', [0, 0, 10, 0, 5, 10, 99], '5 5')).toBe(true);
  });

  test('inside asks of one point or of any', () => {
    const inside = (of: Expression) =>
      valueOf({ op: 'inside', shape: 'circle', coords: [10, 10, 5], of: [of] });
    expect(inside(point('10 10'))).toBe(true);
    expect(inside(point('20 20'))).toBe(false);
    expect(inside(multiple(point('20 20'), point('11 11')))).toBe(true);
    expect(inside(NULL)).toBeNull();
    expect(inside(text('10 10'))).toBeNull();
  });
});

describe('points on a picture scored by areas', () => {
  const areaMapping: AreaMapping = {
    entries: [
      { shape: 'circle', coords: [10, 10, 5], value: 2 },
      { shape: 'rect', coords: [0, 0, 20, 20], value: 1 },
      { shape: 'rect', coords: [50, 50, 60, 60], value: -1 },
    ],
    defaultValue: -0.5,
    lowerBound: 0,
    upperBound: 2.5,
  };
  const picture = response({ cardinality: 'multiple', baseType: 'point', areaMapping });
  const item = spec([picture], {
    kind: 'template',
    name: 'map_response_point',
    responseId: 'RESPONSE',
  });

  test.each<[string[], number]>([
    [['10 10'], 2],
    [['1 1'], 1],
    [['10 10', '11 11'], 2],
    [['10 10', '1 1'], 2.5],
    [['10 10', '90 90'], 1.5],
    [['10 10', '90 90', '90 90'], 1.5],
    [['10 10', '90 90', '91 91'], 1],
    [['90 90'], 0],
    [['1 1', '55 55'], 0],
    [[], 0],
    [['somewhere'], 0],
  ])('%j earns %d', (points, expected) => {
    expect(pointsFor(item, points)).toBe(expected);
  });

  test('one point is scored as well, and an area of its own rules', () => {
    const one = { ...picture, cardinality: 'single' as const };
    const ruled = spec([one], {
      kind: 'rules',
      rules: [
        {
          rule: 'set-outcome',
          identifier: 'SCORE',
          value: { op: 'map-response-point', identifier: 'RESPONSE' },
        },
      ],
    });
    expect(pointsFor(ruled, '10 10')).toBe(2);
    expect(pointsFor(ruled, null)).toBe(0);
    const part = scoreItem(ruled, { RESPONSE: '1 1' }).parts[0];
    expect(part).toMatchObject({ given: '1 1', expected: '10 10', points: 1 });
  });

  test('the part says that its areas decided', () => {
    const twoParts = spec(
      [picture, response({ identifier: 'OTHER' })],
      { kind: 'template', name: 'map_response_point', responseId: 'RESPONSE' },
      { pointsPossible: 2.5 },
    );
    const score = scoreItem(twoParts, { RESPONSE: ['10 10'], OTHER: null });
    expect(score.parts[0]).toMatchObject({ points: 2, rule: 'map-response-point' });
  });

  test('the key is a point in each area that is worth something, the best first', () => {
    expect(correctResponses(item)).toEqual({ RESPONSE: ['10 10'] });
    const apart = {
      ...areaMapping,
      entries: [
        { shape: 'rect' as const, coords: [0, 0, 20, 20], value: 1 },
        { shape: 'poly' as const, coords: [30, 30, 40, 30, 40, 40], value: 2 },
      ],
      upperBound: 10,
    };
    const wide = response({ cardinality: 'multiple', baseType: 'point', areaMapping: apart });
    expect(correctResponses(spec([wide], item.processing))).toEqual({
      RESPONSE: ['30 30', '10 10'],
    });
    expect(bestMapped(wide)).toBe(3);
    expect(bestMapped(wide, 1)).toBe(2);
  });

  test('areas of a response that is no point are worth nothing', () => {
    const odd = spec([response({ areaMapping })], item.processing);
    expect(pointsFor(odd, '10')).toBe(0);
    expect(pointsFor(spec([response({ baseType: 'point' })], item.processing), '10 10')).toBe(0);
  });
});
