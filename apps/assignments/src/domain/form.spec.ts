import { assembleForm, type TestSection, type TestStructure } from '@parlance/assessment';
import fc from 'fast-check';
import { itemVersionsOf, longestForm, packForm, runsOf, slotsOf } from './form.js';

const item = (itemVersionId: string) => ({
  identifier: itemVersionId,
  itemVersionId,
  fixed: false,
});

const section = (id: string, items: TestSection['items'], select: number | null = null) => ({
  id,
  title: id,
  instructions: [],
  select,
  shuffle: true,
  items,
});

describe('a form', () => {
  it('keeps its order, sections and slots through storage', () => {
    const packed = packForm([
      { position: 0, identifier: 'a', itemVersionId: 'a', sectionId: 'S', sectionPath: ['S'] },
      { position: 1, identifier: 'b', itemVersionId: 'b', sectionId: 'T', sectionPath: ['S', 'T'] },
      { position: 2, identifier: 'c', itemVersionId: 'c', sectionId: 'S', sectionPath: ['S'] },
    ]);
    expect(packed).toEqual([
      ['S', 'a'],
      ['T', 'b'],
      ['S', 'c'],
    ]);
    expect(runsOf(packed).map(({ sectionId }) => sectionId)).toEqual(['S', 'T', 'S']);
    expect(slotsOf(packed)).toEqual([
      { slot: 1, itemVersionId: 'a' },
      { slot: 2, itemVersionId: 'b' },
      { slot: 3, itemVersionId: 'c' },
    ]);
  });

  it('names every item of nested sections once', () => {
    const test = {
      title: 'T',
      sections: [section('S', [item('a'), section('N', [item('b'), item('a')])])],
    };
    expect(itemVersionsOf(test).sort()).toEqual(['a', 'b']);
  });

  it('is never longer than longestForm says, whatever is drawn', () => {
    const leaf = fc.constant('x').map(item);
    const { members } = fc.letrec<{ members: TestSection['items'] }>((tie) => ({
      members: fc.array(
        fc.oneof(
          { depthSize: 'small' },
          leaf,
          fc
            .tuple(tie('members'), fc.option(fc.nat(4)))
            .map(([items, select]) => section('N', items, select)),
        ),
        { maxLength: 5 },
      ),
    }));
    const structure = fc
      .tuple(members, fc.option(fc.nat(6)))
      .map(([items, select]): TestStructure => ({
        title: 'T',
        sections: [section('S', items, select)],
      }));
    fc.assert(
      fc.property(structure, fc.string(), (test, seed) => {
        expect(assembleForm(test, seed).length).toBeLessThanOrEqual(longestForm(test));
      }),
    );
  });
});
