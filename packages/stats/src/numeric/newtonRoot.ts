/** What {@link newtonRoot} needs of a function at a point. */
export interface ValueAndSlope {
  readonly value: number;
  readonly slope: number;
}

/**
 * The zero of a function that is positive left of it and negative right of it, on `[lower, upper]` with 0 < lower.
 *
 * Newton's steps, kept inside a bracket that shrinks with every step; a step that leaves the bracket is replaced by the
 * geometric mean of its ends. So it converges from any start, and quadratically at the end. A function without a sign
 * change gives the end that its sign points to.
 * @param start  first guess; anything, also NaN
 * @returns the zero, to about 4 units in the last place where the function is that accurate
 */
export function newtonRoot(
  f: (x: number) => ValueAndSlope,
  { start, lower, upper }: { readonly start: number; readonly lower: number; readonly upper: number },
): number {
  let low = lower;
  let high = upper;
  let x = start >= lower && start <= upper ? start : Math.sqrt(lower * upper);
  // Bisection of 2^±1000 in logs alone needs about 65 steps.
  for (let step = 0; step < 200; step++) {
    const { value, slope } = f(x);
    if (value === 0) return x;
    if (value > 0) low = x;
    else high = x;
    let next = x - value / slope;
    if (!(next > low && next < high)) next = Math.sqrt(low) * Math.sqrt(high);
    if (Math.abs(next - x) <= 4 * Number.EPSILON * x) return next;
    x = next;
  }
  return x;
}
