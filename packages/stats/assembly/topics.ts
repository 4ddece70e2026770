/**
 * The topics of documents. Twin: src/numeric/kernels/twin/topics.ts. Four topics at a time: the lanes of a sum are those of
 * the twin.
 */
import { expOfNegative } from './exp';
import { logOfNormal } from './log';
import { SCRATCH } from './memory';

const MIN_NORM: f64 = 1e-290;
const MAX_ITERATIONS: i32 = 10000;

/** The constants of ψ, in memory: see exp.ts. */
const C = memory.data<f64>(
  [
    1e20, // 0: above, the sum of inverses is below the last digit
    9.0, // 8
    8.0, // 16
    14.0, // 24
    18.0, // 32
    20.0, // 40
    10.0, // 48
    1.0, // 56
    0.5, // 64
    0.08333333333333333, // 72 ...: the asymptotic series
    0.008333333333333333, // 80
    0.003968253968253968, // 88
    0.004166666666666667, // 96
    0.007575757575757576, // 104
    0.021092796092796094, // 112
    2.0, // 120
  ],
  16,
);

// @ts-ignore: decorator
@inline
function constant(at: usize): v128 {
  return v128.load64_splat(C + at);
}

// @ts-ignore: decorator
@inline
function digammaOf(x: v128): v128 {
  const z = f64x2.pmin(constant(0), x);
  const t = f64x2.mul(z, f64x2.add(z, constant(8)));
  const t8 = f64x2.add(t, constant(16));
  const t14 = f64x2.add(t, constant(24));
  const t18 = f64x2.add(t, constant(32));
  const t20 = f64x2.add(t, constant(40));
  let numerator = f64x2.add(f64x2.mul(constant(120), t), constant(16));
  let denominator = f64x2.mul(t, t8);
  numerator = f64x2.add(f64x2.mul(numerator, t14), denominator);
  denominator = f64x2.mul(denominator, t14);
  numerator = f64x2.add(f64x2.mul(numerator, t18), denominator);
  denominator = f64x2.mul(denominator, t18);
  numerator = f64x2.add(f64x2.mul(numerator, t20), denominator);
  denominator = f64x2.mul(denominator, t20);
  const odd = f64x2.add(f64x2.mul(constant(120), z), constant(8));
  const inverses = f64x2.div(f64x2.mul(odd, numerator), denominator);
  const shifted = f64x2.add(x, constant(48));
  const y = f64x2.div(constant(56), shifted);
  const q = f64x2.mul(y, y);
  let tail = f64x2.sub(constant(112), f64x2.mul(q, constant(72)));
  tail = f64x2.sub(constant(104), f64x2.mul(q, tail));
  tail = f64x2.sub(constant(96), f64x2.mul(q, tail));
  tail = f64x2.sub(constant(88), f64x2.mul(q, tail));
  tail = f64x2.sub(constant(80), f64x2.mul(q, tail));
  tail = f64x2.mul(q, f64x2.sub(constant(72), f64x2.mul(q, tail)));
  const rest = f64x2.add(f64x2.mul(constant(64), y), tail);
  return f64x2.sub(f64x2.sub(logOfNormal(shifted), rest), inverses);
}

// @ts-ignore: decorator
@inline
function total(low: v128, high: v128): f64 {
  const pair = f64x2.add(low, high);
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

// @ts-ignore: decorator
@inline
function sharesOf(gamma: usize, shares: usize, bytes: usize): void {
  let largest = f64x2.splat(-Infinity);
  for (let k: usize = 0; k < bytes; k += 16) {
    const psi = digammaOf(v128.load(gamma + k));
    v128.store(shares + k, psi);
    largest = f64x2.pmax(largest, psi);
  }
  const one = f64x2.extract_lane(largest, 0);
  const other = f64x2.extract_lane(largest, 1);
  largest = f64x2.splat(one < other ? other : one);
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(shares + k, expOfNegative(f64x2.sub(v128.load(shares + k), largest)));
  }
}

// @ts-ignore: decorator
@inline
function countWord(density: usize, bytes: usize, count: f64, shares: usize, norm: usize, sums: usize): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let k: usize = 0; k < bytes; k += 32) {
    low = f64x2.add(low, f64x2.mul(v128.load(density + k), v128.load(shares + k)));
    high = f64x2.add(high, f64x2.mul(v128.load(density + k, 16), v128.load(shares + k, 16)));
  }
  const sum = total(low, high);
  store<f64>(norm, sum);
  const scale = f64x2.splat(sum >= MIN_NORM ? count / sum : 0);
  for (let k: usize = 0; k < bytes; k += 32) {
    v128.store(sums + k, f64x2.add(v128.load(sums + k), f64x2.mul(scale, v128.load(density + k))));
    v128.store(sums + k, f64x2.add(v128.load(sums + k, 16), f64x2.mul(scale, v128.load(density + k, 16))), 16);
  }
}

// @ts-ignore: decorator
@inline
function moveGamma(alpha: usize, gamma: usize, shares: usize, bytes: usize, sums: usize): f64 {
  let change0 = f64x2.splat(0);
  let change1 = f64x2.splat(0);
  let before0 = f64x2.splat(0);
  let before1 = f64x2.splat(0);
  for (let k: usize = 0; k < bytes; k += 32) {
    const g0 = v128.load(gamma + k);
    const g1 = v128.load(gamma + k, 16);
    const a0 = f64x2.add(v128.load(alpha + k), f64x2.mul(v128.load(shares + k), v128.load(sums + k)));
    const a1 = f64x2.add(v128.load(alpha + k, 16), f64x2.mul(v128.load(shares + k, 16), v128.load(sums + k, 16)));
    change0 = f64x2.add(change0, f64x2.abs(f64x2.sub(a0, g0)));
    change1 = f64x2.add(change1, f64x2.abs(f64x2.sub(a1, g1)));
    before0 = f64x2.add(before0, g0);
    before1 = f64x2.add(before1, g1);
    v128.store(gamma + k, a0);
    v128.store(gamma + k, a1, 16);
  }
  return total(change0, change1) / total(before0, before1);
}

export function topicProportions(
  density: usize, width: i32, offsets: usize, documentCount: i32, counts: usize, alpha: usize, threshold: f64,
  gamma: usize, shares: usize, norms: usize,
): void {
  const bytes = (<usize>width) << 3;
  const sums = SCRATCH;
  for (let d = 0; d < documentCount; d++) {
    const words = load<i32>(offsets, 4) - load<i32>(offsets);
    for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      sharesOf(gamma, shares, bytes);
      memory.fill(sums, 0, bytes);
      let word = density;
      for (let n: usize = 0; n < (<usize>words) << 3; n += 8) {
        countWord(word, bytes, load<f64>(counts + n), shares, norms + n, sums);
        word += bytes;
      }
      if (moveGamma(alpha, gamma, shares, bytes, sums) <= threshold) break;
    }
    offsets += 4;
    density += (<usize>words) * bytes;
    counts += (<usize>words) << 3;
    norms += (<usize>words) << 3;
    gamma += bytes;
    shares += bytes;
  }
}
