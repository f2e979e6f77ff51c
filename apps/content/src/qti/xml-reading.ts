import { FileFault } from './file-fault.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import type { XmlElement } from './xml.js';

export function isElement(node: XmlElement | string): node is XmlElement {
  return typeof node !== 'string';
}

export function elementsIn(element: XmlElement): XmlElement[] {
  return element.children.filter(isElement);
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return elementsIn(element).filter((child) => child.name === name);
}

export function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  return elementsIn(element).find((child) => child.name === name);
}

/** All text within, as it stands. */
export function textIn(element: XmlElement): string {
  return element.children.map((one) => (isElement(one) ? textIn(one) : one)).join('');
}

/** How many elements there are at any depth. */
export function countWithin(element: XmlElement): number {
  return elementsIn(element).reduce((count, child) => count + 1 + countWithin(child), 0);
}

export function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.get(name);
}

/** @throws FileFault when the attribute is missing or empty. */
export function required(element: XmlElement, name: string): string {
  const value = attribute(element, name)?.trim() ?? '';
  if (value === '') throw new FileFault(`<${element.name}> has no ${name}.`, element.line);
  return value;
}

/** @throws FileFault when it is missing, has white space in it or is too long. */
export function identifierOf(element: XmlElement, name = 'identifier'): string {
  const value = required(element, name);
  if (/\s/.test(value) || value.length > ITEM_LIMITS.identifierLength) {
    throw new FileFault(`"${shown(value)}" is not an identifier.`, element.line);
  }
  return value;
}

/** @throws FileFault when it is neither true nor false. */
export function flag(element: XmlElement, name: string, otherwise: boolean): boolean {
  const value = attribute(element, name)?.trim();
  if (value === undefined) return otherwise;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new FileFault(`${name} is "${shown(value)}" and must be true or false.`, element.line);
}

/** @throws FileFault when it is not a whole number from 0. */
export function wholeNumber(element: XmlElement, name: string): number | undefined {
  const value = attribute(element, name)?.trim();
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) {
    throw new FileFault(`${name} is "${shown(value)}" and must be a whole number.`, element.line);
  }
  return Number(value);
}

/** @throws FileFault when it is not a finite number. */
export function decimal(element: XmlElement, name: string): number | undefined {
  const value = attribute(element, name)?.trim();
  return value === undefined ? undefined : decimalIn(value, name, element.line);
}

/** @throws FileFault when the text is not a finite number. */
export function decimalIn(text: string, what: string, line: number): number {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (Number.isFinite(number)) return number;
  throw new FileFault(`${what} is "${shown(text)}" and must be a number.`, line);
}

/** @throws FileFault when it is missing or none of the values. */
export function oneOf<T extends string>(
  element: XmlElement,
  name: string,
  values: readonly T[],
): T {
  const value = required(element, name);
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw new FileFault(`${name} "${shown(value)}" is not supported.`, element.line);
}

/** A title as people may see it: one line, not too long. */
export function titleOf(element: XmlElement, otherwise: string): string {
  const title = (attribute(element, 'title') ?? '').replace(/\s+/g, ' ').trim();
  return (title === '' ? otherwise : title).slice(0, ITEM_LIMITS.titleLength).toWellFormed();
}
