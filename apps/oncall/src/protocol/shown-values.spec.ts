import fc from 'fast-check';
import { shownText, spanAttributes } from './shown-values.js';

describe('what is shown', () => {
  it.each([
    ['mail ada.l+x@mail.example.org now', 'mail [e-mail] now'],
    ['Bearer abcdef123456', '[token]'],
    ['Operator 0123456789abcdef', '[token]'],
    ['jwt eyJhbGciOi.eyJzdWIiOi.c2ln end', 'jwt [token] end'],
    ['UPDATE attempt; SELECT person', 'UPDATE attempt; SELECT person'],
  ])('%s', (text, shown) => expect(shownText(text)).toBe(shown));

  it('is bounded and well formed for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        const shown = shownText(text, 100);
        expect(shown.length).toBeLessThanOrEqual(400);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toContain('\u0000');
      }),
    );
  });

  it('takes attributes of the list and ours, and nothing that is not plain', () => {
    const entry = (key: string, value: unknown) => ({ key, value });
    expect(
      spanAttributes([
        entry('app.outcome', { stringValue: 'applied' }),
        entry('app.count', { intValue: '7' }),
        entry('app.list', { arrayValue: { values: [{ stringValue: 'a' }, { kvlistValue: {} }] } }),
        entry('app.map', { kvlistValue: { values: [] } }),
        entry('http.url', { stringValue: 'https://x/?token=1' }),
        entry('__proto__', { stringValue: 'x' }),
        null,
        7,
      ]),
    ).toEqual({ 'app.outcome': 'applied', 'app.count': 7, 'app.list': ['a'] });
    expect(spanAttributes('text')).toEqual({});
  });
});
