/** What QTI tells of a number as it was typed ("string interaction", record cardinality). */
export interface NumericFields {
  floatValue: number | null;
  /** Only when neither a point with digits after it nor an exponent was typed. */
  integerValue: number | null;
  leftDigits: number | null;
  rightDigits: number | null;
  /** Digits after the point once the exponent has moved it. */
  ndp: number | null;
  /** Significant digits: leading zeros do not count, trailing ones do. */
  nsf: number | null;
  exponent: number | null;
}

const NUMBER = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The fields of a typed number; all null when the text is none. */
export function numericFields(text: string): NumericFields {
  const trimmed = text.trim();
  const parts = trimmed.length > 400 ? null : NUMBER.exec(trimmed);
  const left = parts?.[1] ?? '';
  const right = parts?.[2] ?? '';
  const value = Number(trimmed);
  if (parts === null || left + right === '' || !Number.isFinite(value)) return NO_NUMBER;
  const exponent = parts[3] === undefined ? null : Number(parts[3]);
  return {
    floatValue: value,
    integerValue: right === '' && exponent === null ? value : null,
    leftDigits: left.length,
    rightDigits: right.length,
    ndp: Math.max(0, right.length - (exponent ?? 0)),
    nsf: (left + right).replace(/^0+/, '').length,
    exponent,
  };
}

const NO_NUMBER: NumericFields = {
  floatValue: null,
  integerValue: null,
  leftDigits: null,
  rightDigits: null,
  ndp: null,
  nsf: null,
  exponent: null,
};
