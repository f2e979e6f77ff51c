import { derivedId, idTimeMs, isId, newDayId, newId } from './id.js';

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

it('an id of a day carries that day in UTC, and tells nobody who was first on it', () => {
  const noon = Date.parse('2026-03-02T12:34:56.789Z');
  const ids = Array.from({ length: 200 }, () => newDayId(noon));
  expect(new Set(ids).size).toBe(200);
  expect(ids.every(isId)).toBe(true);
  expect(new Set(ids.map(idTimeMs))).toEqual(new Set([Date.parse('2026-03-02T00:00:00.000Z')]));
  expect(newDayId(noon + 86_400_000) > (ids.toSorted().at(-1) ?? '')).toBe(true);
  expect(ids.toSorted()).not.toEqual(ids);
});
