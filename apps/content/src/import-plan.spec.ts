import type { TestMember, TestStructure } from '@parlance/assessment';
import { greatestPoints } from './import-plan.js';

const item = (points: number, required = false): TestMember => ({
  identifier: `${points}`,
  itemVersionId: `${points}`,
  fixed: false,
  required,
});

const section = (items: TestMember[], select: number | null = null): TestMember => ({
  id: 's',
  title: 's',
  instructions: [],
  select,
  shuffle: false,
  items,
});

const test = (...sections: TestMember[]) => ({ title: 't', sections }) as TestStructure;

describe('the most a form can be worth', () => {
  it.each([
    ['all items of all sections', test(section([item(1), item(2)]), section([item(4)])), 7],
    ['the best of those drawn', test(section([item(1), item(5), item(2)], 2)), 7],
    ['required ones first', test(section([item(1, true), item(5), item(2)], 2)), 6],
    ['more required than drawn', test(section([item(1, true), item(2, true), item(9)], 1)), 3],
    ['all, when more are asked for than there are', test(section([item(1)], 4)), 1],
    ['a section within as one', test(section([section([item(1), item(1)]), item(5)], 1)), 5],
    ['tenths without an error', test(section([item(0.1), item(0.2)])), 0.3],
  ])('is %s', (_, structure, expected) => {
    expect(greatestPoints(structure, Number)).toBe(expected);
  });
});
