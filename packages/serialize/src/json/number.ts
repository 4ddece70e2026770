/** A finite number as JSON. */
export function numberText(value: number): string {
  // Readers of other languages drop the sign of an integer zero, but not of `-0.0`.
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0';
  // The shortest digits that round to this double are another integer from 2^53 on; `1e21` and above have an exponent.
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) return String(BigInt(value));
  return String(value);
}

/** The numbers with commas between them, as {@link numberText} writes each; `undefined` where some are special. */
export function numbersText(values: readonly unknown[]): string | undefined {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number' || Object.is(value, -0)) return undefined;
    // From 2^53 on integers are written in full; JSON has no infinities and no NaN.
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return undefined;
  }
  return JSON.stringify(values).slice(1, -1);
}
