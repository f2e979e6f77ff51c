import { BoundedCache } from './bounded-cache.js';

describe('BoundedCache', () => {
  it('drops what was unused for longest when the weight is too much', () => {
    const cache = new BoundedCache<string>(10);
    cache.put('a', 'A', 4);
    cache.put('b', 'B', 4);
    expect(cache.get('a')).toBe('A');
    cache.put('c', 'C', 4);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
  });

  it('weighs a value put again once', () => {
    const cache = new BoundedCache<string>(10);
    for (let turn = 0; turn < 20; turn += 1) cache.put('a', 'A', 6);
    cache.put('b', 'B', 4);
    expect(cache.size).toBe(2);
  });

  it('does not keep what alone is too heavy', () => {
    const cache = new BoundedCache<string>(10);
    cache.put('a', 'A', 4);
    cache.put('b', 'B', 11);
    expect([cache.get('a'), cache.get('b')]).toEqual(['A', undefined]);
  });
});
