import { exp, log } from './elementary.js';
/**
 * log Σ exp(v_k), without overflow: the maximum is taken out first. All -Infinity gives -Infinity; a +Infinity gives
 * +Infinity; a NaN gives NaN.
 */

export function logSumExp(values: ArrayLike<number>): number {
  let max = -Infinity;
  for (let k = 0; k < values.length; k++) max = Math.max(max, values[k]!);
  if (!Number.isFinite(max)) return max;
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += exp(values[k]! - max);
  return max + log(sum);
}

/** log(f · g) of two log-densities. An impossible factor (-Infinity) wins over a pole (+Infinity); NaN stays NaN. */
export function addLogs(f: number, g: number): number {
  const sum = f + g;
  const isClash = Number.isNaN(sum) && f === -g; // -Infinity + Infinity
  return isClash ? -Infinity : sum;
}
