const SAFE = Symbol('safe');

/** Markup whose values have been escaped. Only `html` makes it, so nothing raw can get in. */
export interface Html {
  readonly [SAFE]: string;
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

/** Escapes every value in the template; markup nests, lists are joined, null and false vanish. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += textOf(value) + (strings[index + 1] ?? '');
  });
  return { [SAFE]: text };
}

export function render(markup: Html): string {
  return markup[SAFE];
}

function textOf(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  if (isList(value)) return value.map(textOf).join('');
  return value[SAFE];
}

function isList(value: Html | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
