import type { BaseType } from '../items/scoring-spec.js';
import { FALSE, atomKey, container, isNumeric, sameAtom, single, truth } from './values.js';
import type { Value } from './values.js';

/** Whether two values are the same; in a multiple the order does not matter. */
export function match(a: Value, b: Value): Value {
  if (a === null || b === null) return null;
  if (a.cardinality !== b.cardinality || !comparable(a.baseType, b.baseType)) return null;
  if (a.items.length !== b.items.length) return FALSE;
  if (a.items.length === 1) {
    return truth(sameAtom(a.baseType, a.items[0] as string, b.items[0] as string));
  }
  const keys = keysOf(b);
  return truth(keysOf(a).every((key, index) => key === keys[index]));
}

function keysOf(value: NonNullable<Value>): string[] {
  const keys = value.items.map((item) => atomKey(value.baseType, item));
  return value.cardinality === 'multiple' ? keys.sort() : keys;
}

export function member(one: Value, all: Value): Value {
  if (one?.cardinality !== 'single' || all === null) return null;
  if (!comparable(one.baseType, all.baseType)) return null;
  const [item = ''] = one.items;
  return truth(all.items.some((other) => sameAtom(all.baseType, other, item)));
}

/** Whether the first container holds the second: as a bag, or in order and without a gap. */
export function contains(whole: Value, part: Value): Value {
  if (whole === null || part === null || whole.cardinality !== part.cardinality) return null;
  if (!comparable(whole.baseType, part.baseType)) return null;
  const all = whole.items.map((item) => atomKey(whole.baseType, item));
  const some = part.items.map((item) => atomKey(part.baseType, item));
  if (whole.cardinality === 'ordered') {
    const startsAt = (start: number) => some.every((key, index) => all[start + index] === key);
    return truth(all.some((_, start) => startsAt(start)));
  }
  const left = new Map<string, number>();
  for (const key of all) left.set(key, (left.get(key) ?? 0) + 1);
  return truth(
    some.every((key) => {
      const count = left.get(key) ?? 0;
      left.set(key, count - 1);
      return count > 0;
    }),
  );
}

/** The container without any item that is the first value; NULL when nothing is left. */
export function without(one: Value, all: Value): Value {
  if (one?.cardinality !== 'single' || all === null) return null;
  if (!comparable(one.baseType, all.baseType)) return null;
  const [item = ''] = one.items;
  const rest = all.items.filter((other) => !sameAtom(all.baseType, other, item));
  return container(all.cardinality, all.baseType, rest);
}

/** A container of all the values given; NULLs among them are left out. */
export function gather(cardinality: 'multiple' | 'ordered', of: Value[]): Value {
  const known = of.filter((value) => value !== null);
  const baseType = known[0]?.baseType;
  if (baseType === undefined || known.some((value) => value.baseType !== baseType)) return null;
  return container(
    cardinality,
    baseType,
    known.flatMap((value) => value.items),
  );
}

/** The nth item of an ordered container, counted from 1. */
export function itemAt(n: number | null, all: Value): Value {
  const item = all?.cardinality === 'ordered' && n !== null ? all.items[n - 1] : undefined;
  return all === null || item === undefined ? null : single(all.baseType, item);
}

/** Base types whose values can be the same: equal ones, and the two kinds of number. */
function comparable(a: BaseType, b: BaseType): boolean {
  return a === b || (isNumeric(a) && isNumeric(b));
}
