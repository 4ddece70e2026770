/** The divergence of two models on given rows. */
import { checkDistribution } from '../checks/parameters.js';
import type { Columns, Distribution, Rows } from '../contract.js';
import { listOf } from '../fit/rows.js';
import { exp } from '../numeric/elementary.js';
import { allowWebAssembly } from '../numeric/kernels/webAssembly.js';
import { logSumExp } from '../numeric/logSumExp.js';

/** See {@link empiricalKlDivergence}. */
export interface EmpiricalDivergence {
  /** Σ p log(p/q) over the rows that are possible under both, in nats; NaN when there are none. */
  readonly divergence: number;
  /** Rows that are impossible under the first model, or score NaN. */
  readonly impossibleUnderFirst: number;
  /** The same for the second model. */
  readonly impossibleUnderSecond: number;
}

/**
 * The Kullback-Leibler divergence of two models as distributions over the given rows: the densities of the rows that are
 * possible under both are normalised to sum to 1, giving p and q, and Σ p log(p/q) is returned.
 * @throws {ParameterError} for an invalid model
 * @throws {DataError} for a row that a model cannot hold
 * @example
 * empiricalKlDivergence(before, after, rows).divergence; // 0 when the two agree
 */
export function empiricalKlDivergence<T>(
  first: Distribution<T, Columns>,
  second: Distribution<T, Columns>,
  rows: Rows<NoInfer<T>>,
): EmpiricalDivergence {
  allowWebAssembly();
  checkDistribution('empiricalKlDivergence', 'first', first);
  checkDistribution('empiricalKlDivergence', 'second', second);
  const list = listOf(rows);
  const scores = [first, second].map((model) => {
    const out = new Float64Array(list.length);
    model.seqLogDensity(model.encoder().encode(list), 0, list.length, out);
    return out;
  }) as [Float64Array, Float64Array];
  const isPossible = (model: 0 | 1) => (_: unknown, row: number) => Number.isFinite(scores[model][row]);
  const both = Array.from(rows.keys()).filter((row) => isPossible(0)(row, row) && isPossible(1)(row, row));
  const [p, q] = scores.map((all) => {
    const kept = both.map((row) => all[row]!);
    const total = logSumExp(kept);
    return kept.map((score) => score - total);
  }) as [number[], number[]];
  const divergence = p.reduce((sum, logP, i) => sum + exp(logP) * (logP - q[i]!), 0);
  return {
    divergence: both.length === 0 ? Number.NaN : divergence,
    impossibleUnderFirst: list.length - list.filter(isPossible(0)).length,
    impossibleUnderSecond: list.length - list.filter(isPossible(1)).length,
  };
}
