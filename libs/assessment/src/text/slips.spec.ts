import type { TypedGiven } from '../../test/part-item.js';
import { partScore, typedItem } from '../../test/part-item.js';

function check(given: TypedGiven, answer: string) {
  return partScore(typedItem(given), answer);
}

describe('slips of the fingers', () => {
  test.each<[string, string]>([
    ['beautiful', 'beautifull'],
    ['receive', 'recieve'],
    ['because', 'becaus'],
    ['stopped', 'stoped'],
    ['writing', 'writting'],
    ['easier', 'easyer'],
    ['accommodation', 'acomodation'],
    ["I don't know", 'I dont know'],
    ['always', 'alway'],
  ])('for %s, %s is taken with a note', (expected, answer) => {
    expect(check({ accept: [expected] }, answer)).toMatchObject({
      points: 1,
      rule: 'accepted-slip',
      notes: ['slip'],
    });
  });

  test.each<[string, string, string]>([
    ['work', 'works', 'another form'],
    ['went', 'want', 'another word'],
    ['information', 'informations', 'a plural there is not'],
    ['have worked', 'has worked', 'another form'],
    ['gone', 'goed', 'a past there is not'],
    ['good', 'goed', 'a past there is not'],
    ['child', 'childs', 'a plural there is not'],
    ['children', 'childrens', 'a plural there is not'],
    ['taken', 'taked', 'a past there is not'],
    ['given', 'gived', 'a past there is not'],
    ['worked', 'workd', 'as near to work'],
    ['cat', 'cta', 'too short for a slip'],
    ['house', 'huosee', 'two slips in a short word'],
    ['beautiful', 'beutifull', 'two slips in nine letters'],
    ['1990s', '1991s', 'a number'],
    ['it is', 'its is', 'another word'],
  ])('for %s, %s is refused: %s', (expected, answer) => {
    expect(check({ accept: [expected] }, answer)).toMatchObject({ points: 0, rule: 'no-pattern' });
  });

  test('are refused where the author says so', () => {
    const typos = { accept: false, share: 1, contrasts: [] };
    expect(check({ accept: ['receive'], typos }, 'recieve').points).toBe(0);
    const contrasts = { accept: true, share: 1, contrasts: ['Recieve'] };
    expect(check({ accept: ['receive'], typos: contrasts }, 'recieve').points).toBe(0);
  });

  test('may cost a share', () => {
    const typos = { accept: true, share: 0.8, contrasts: [] };
    const accepted = [{ pattern: 'receive', share: 0.5 }];
    expect(check({ accept: ['receive'], typos }, 'recieve')).toMatchObject({
      points: 0.8,
      verdict: 'partial',
    });
    expect(check({ accepted, typos }, 'recieve').points).toBe(0.4);
  });

  test('are taken in one word, in two of a sentence of six', () => {
    expect(check({ accept: ['beautiful children'] }, 'beautifull chidlren').points).toBe(0);
    const six = 'The beautiful children receive many presents';
    expect(check({ accept: [six] }, 'The beautifull chidlren receive many presents').points).toBe(
      1,
    );
    expect(check({ accept: [six] }, 'The beautifull chidlren recieve many presents').points).toBe(
      0,
    );
  });

  test('and spelling are both noted', () => {
    expect(check({ accept: ['beautiful colour'] }, 'beautifull color')).toMatchObject({
      rule: 'accepted-slip',
      notes: ['slip', 'spelling-variety'],
    });
  });

  test('are none where case counts and is wrong', () => {
    const given = { accept: ['Receive'], ignoreCase: false };
    expect(check(given, 'receive').points).toBe(0);
    expect(check(given, 'recieve').points).toBe(0);
    expect(check(given, 'Recieve').points).toBe(1);
  });
});
