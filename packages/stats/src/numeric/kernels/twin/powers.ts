/**
 * 2^(j/256), correctly rounded: the table of the exponential, also of the WebAssembly one. It is computed from products and
 * square roots, which all engines round alike: powers may differ in the last bit, and literals are 3 KB of a compressed page.
 */

/** An unevaluated sum of two doubles, `low` below half a unit in the last place of `high`: about 106 bits. */
interface Pair {
  readonly high: number;
  readonly low: number;
}

/** The sum of a number and a much smaller one. */
function pairOf(large: number, small: number): Pair {
  const high = large + small;
  return { high, low: small - (high - large) };
}

/** The upper 26 bits. @see Veltkamp; Dekker, A floating-point technique for extending the available precision (1971) */
function upperHalf(x: number): number {
  const shifted = x * 134217729; // 2^27 + 1
  return shifted - (shifted - x);
}

/** a·b less its rounded value, exactly. */
function productError(a: number, b: number): number {
  const [upperA, upperB] = [upperHalf(a), upperHalf(b)];
  const [lowerA, lowerB] = [a - upperA, b - upperB];
  return lowerA * lowerB - (a * b - upperA * upperB - lowerA * upperB - upperA * lowerB);
}

function product(a: Pair, b: Pair): Pair {
  return pairOf(a.high * b.high, productError(a.high, b.high) + (a.high * b.low + a.low * b.high));
}

function squareRoot({ high, low }: Pair): Pair {
  const root = Math.sqrt(high);
  return pairOf(root, (high - root * root - productError(root, root) + low) / (2 * root));
}

function powersOfTwo(): Float64Array {
  const powers: Pair[] = [{ high: 1, low: 0 }];
  let factor: Pair = { high: 2, low: 0 };
  for (let step = 128; step >= 1; step /= 2) {
    factor = squareRoot(factor); // 2^(step/256)
    for (let j = step; j < 256; j += 2 * step) powers[j] = product(powers[j - step]!, factor);
  }
  return Float64Array.from(powers, ({ high }) => high);
}

export const POWERS = /* @__PURE__ */ powersOfTwo();
