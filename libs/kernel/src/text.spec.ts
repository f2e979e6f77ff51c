import { storableText } from './text.js';

describe('storableText', () => {
  it('drops NUL and other controls, keeps tab, line feed and carriage return', () => {
    expect(storableText('a\u0000b\u0007c\td\ne\rf')).toBe('abc\td\ne\rf');
  });
  it('replaces lone surrogates and keeps pairs', () => {
    expect(storableText('x\uD800y')).toBe('x\uFFFDy');
    expect(storableText('👋')).toBe('👋');
  });
});
