/** What {@link newtonRoot} needs of a function at a point. */
export interface ValueAndSlope {
  readonly value: number;
  readonly slope: number;
}

/**
 * The zero of a function that is positive left of it and negative right of it, on `[lower, upper]` with 0 < lower.
 *
 * Newton's steps, kept inside a bracket that shrinks with every step. A step that leaves the bracket, or is not half as long
 * as the one before, is replaced by the geometric mean of the ends. So it converges from any start, and quadratically at the
 * end. A function without a sign change gives the end that its sign points to.
 * @param start  first guess; anything, also NaN
 * @returns the zero, to about 4 units in the last place where the function is that accurate
 */
export function newtonRoot(
  f: (x: number) => ValueAndSlope,
  { start, lower, upper }: { readonly start: number; readonly lower: number; readonly upper: number },
): number {
  let low = lower;
  let high = upper;
  let x = start >= lower && start <= upper ? start : Math.sqrt(lower) * Math.sqrt(upper);
  let length = Infinity;
  for (let step = 0; step < 200; step++) {
    const { value, slope } = f(x);
    if (value === 0) return x;
    if (value > 0) low = x;
    else high = x;
    const newton = x - value / slope;
    const newtonLength = Math.abs(newton - x);
    // Before the bracket is asked: a step of a rounding error need not lie inside.
    if (newtonLength <= 4 * Number.EPSILON * x) return newton;
    const isGood = newton > low && newton < high && newtonLength <= length / 2;
    const next = isGood ? newton : Math.sqrt(low) * Math.sqrt(high);
    length = Math.abs(next - x);
    if (length <= 4 * Number.EPSILON * x) return next;
    x = next;
  }
  return x;
}
