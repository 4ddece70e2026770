/** The values that are one word of JSON. */

/** Whether the engine writes the value as this package does, so that it may write many in one piece. */
export function isUsual(value: unknown): boolean {
  if (typeof value !== 'number') return isWord(value);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0);
}

/** Whether the value is one word at all. */
export function isWord(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** A finite number as JSON. */
export function numberText(value: number): string {
  // Readers of other languages drop the sign of an integer zero, but not of `-0.0`.
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  // From 2^53 on, where all doubles are integers, the shortest digits that round to one are another integer; `1e21` and above
  // have an exponent.
  return String(size > Number.MAX_SAFE_INTEGER && size < 1e21 ? BigInt(value) : value);
}
