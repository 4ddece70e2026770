/**
 * Sums without rounding, as lists of doubles that do not overlap: the same for every order of the terms, so parts of the data can
 * be summed apart.
 * Source: Shewchuk, Adaptive precision floating-point arithmetic and fast robust geometric predicates (1997).
 */

/** Adds `x` to the sum in place. */
export function addExactly(sum: number[], x: number): void {
  let carried = x;
  let kept = 0;
  for (const part of sum) {
    const total = carried + part;
    const rest = Math.abs(carried) < Math.abs(part) ? carried - (total - part) : part - (total - carried);
    if (rest !== 0) sum[kept++] = rest;
    carried = total;
  }
  sum.length = kept;
  sum.push(carried);
}

/** Adds x² to the sum in place, in two doubles that hold all its digits. */
export function addSquareExactly(sum: number[], x: number): void {
  const square = x * x;
  const scaled = 134217729 * x; // 2^27 + 1: Veltkamp's split into two halves
  const high = scaled - (scaled - x);
  const low = x - high;
  const rest = low * low - (square - high * high - 2 * high * low);
  addExactly(sum, square);
  if (Number.isFinite(rest)) addExactly(sum, rest);
}

/**
 * The double that is nearest to the sum, ties to even: the same for all lists of parts with one sum. Adding the parts one after the
 * other would round more than once, and not alike for all of them.
 */
export function roundedSum(sum: readonly number[]): number {
  let i = sum.length - 1;
  let total = sum[i] ?? 0;
  let rest = 0;
  while (i > 0 && rest === 0) {
    const before = total;
    total = before + sum[--i]!;
    rest = sum[i]! - (total - before);
  }
  // What is smaller than `rest` decides only where that is half of the last digit.
  const sign = Math.sign(sum[i - 1] ?? 0);
  if (sign === 0 || sign !== Math.sign(rest)) return total;
  const next = total + 2 * rest;
  return next - total === 2 * rest ? next : total;
}

/**
 * Mean and variance (with divisor n) from the exact sums of n numbers and of their squares.
 * @returns zeros for n = 0
 */
export function momentsOfSums(
  count: number,
  sum: readonly number[],
  squares: readonly number[],
): { readonly mean: number; readonly variance: number } {
  if (count === 0) return { mean: 0, variance: 0 };
  const mean = roundedSum(sum) / count;
  // Σ(x - m)² = Σx² - 2mΣx + nm², term by term without rounding, so that far means cost no digits.
  const scatter = [...squares];
  for (const part of sum) addProduct(scatter, -2 * mean, part);
  addSquares(scatter, mean, count);
  return { mean, variance: Math.max(roundedSum(scatter) / count, 0) };
}

function addSquares(sum: number[], mean: number, count: number): void {
  const square: number[] = [];
  addSquareExactly(square, mean);
  for (const part of square) addProduct(sum, part, count);
}

/** a·b in two doubles: Dekker's product. */
function addProduct(sum: number[], a: number, b: number): void {
  const product = a * b;
  const [aHigh, bHigh] = [a, b].map((x) => 134217729 * x - (134217729 * x - x)) as [number, number];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  const rest = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  addExactly(sum, product);
  if (Number.isFinite(rest)) addExactly(sum, rest);
}
