import { derivedId, idTimeMs, isId, newId } from './id.js';

describe('a derived id', () => {
  const [one, other] = [newId(), newId()];

  it('is the same for the same ids, in whatever case', () => {
    expect(derivedId('cell', one, other)).toBe(derivedId('cell', one, other));
    expect(derivedId('cell', one.toUpperCase(), other)).toBe(derivedId('cell', one, other));
  });

  it('differs with each of them, their order and its kind', () => {
    const ids = [
      derivedId('cell', one, other),
      derivedId('cell', one, newId()),
      derivedId('cell', one),
      derivedId('cell', other, one),
      derivedId('task', one, other),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is a UUIDv7 with the time of the first', () => {
    const id = derivedId('cell', one, other);
    expect(isId(id)).toBe(true);
    expect(id[14]).toBe('7');
    expect('89ab').toContain(id[19]);
    expect(idTimeMs(id)).toBe(idTimeMs(one));
  });

  it('of a first id without a time is still one', () => {
    const id = derivedId('cell', '3b241101-e2bb-4255-8caf-4136c566a962');
    expect(isId(id)).toBe(true);
    expect(idTimeMs(id)).toBe(0);
  });
});
