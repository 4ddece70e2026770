/** Runs the cases of special-functions.json: a function of numbers, its arguments and its values. */
import { logBesselI } from '../../src/numeric/besselI.js';
import { kernels } from '../../src/numeric/kernels/index.js';
import { logSumExp } from '../../src/numeric/logSumExp.js';
import { digamma, digammaInverse, lgamma, trigamma } from '../../src/numeric/special.js';
import { type Json, NotImplemented, revive } from './adapter.js';
import { differences } from './compare.js';

/** The posterior of one row, uniform mixture weights left out. */
function posterior(logDensity: readonly number[]): number[] {
  const count = logDensity.length;
  const out = Float64Array.from(logDensity);
  const logWeights = new Float64Array(count).fill(-Math.log(count));
  kernels().posterior(out, 1, count, 1, logWeights, new Float64Array(1));
  return Array.from(out);
}

const functions: Readonly<Record<string, (x: never) => unknown>> = {
  lgamma,
  digamma,
  trigamma,
  digammainv: digammaInverse,
  logBesselI: ([order, x]: readonly [number, number]) => logBesselI(order, x),
  logSumExp,
  posterior,
};

/** Whether a golden case is one of a function. */
export function isFunctionCase(json: Json): boolean {
  return json.params === undefined && Array.isArray(json.data) && Array.isArray(json.values);
}

/** All disagreements of one case. @throws {NotImplemented} */
export function runFunction(json: Json & { readonly name: string }): string[] {
  const compute = functions[json.name];
  if (compute === undefined) throw new NotImplemented(`function not implemented: ${json.name}`);
  const got = (json.data as unknown[]).map((x) => compute(revive(x) as never));
  return differences(got, json.values, 1e-9, json.name);
}
