/** Laws at the edge: no rows, one row, equal rows, a component that dies, and life inside a mixture. */
import { sliceColumns } from '../columns/columns.js';
import type { AnyDistribution, AnyEstimator, Columns } from '../contract.js';
import { em } from '../fit/em.js';
import { MixtureDistribution, MixtureEstimator } from '../latent/mixtures/mixture.js';
import { logSumExp } from '../numeric/logSumExp.js';
import { expectClose, expectDefined, fail, show } from './expect.js';
import { climb } from './fittingLaws.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { lawMaker, type Subject, scoresOf } from './subject.js';

export function edgeLaws(laws: FamilyLaws): LawCheck[] {
  const { estimator, distributions } = laws;
  const each = lawMaker(laws, 60);
  const always = [each('encodes and scores an empty list', emptyList)];
  if (estimator === undefined) return always;
  return [
    ...always,
    each('estimates defined parameters from weight zero', (s) => noWeight(estimator, s)),
    each('fits no rows, one row or equal rows, or says clearly why not', (s) => fewRows(estimator, s)),
    each('is scored and fitted as a component of a mixture', (s) => inMixture(estimator, distributions, s)),
    each('survives as a component that no row belongs to', (s) => deadComponent(estimator, s)),
  ];
}

function emptyList({ name, encoder, distribution }: Subject): void {
  const empty = encoder.encode([]);
  if (empty.rowCount !== 0) fail(`${name}: rowCount is ${empty.rowCount} without rows`);
  distribution.seqLogDensity(empty, 0, 0, new Float64Array(0));
}

function noWeight(estimator: AnyEstimator, { name, encoder, columns }: Subject): void {
  const schema = sliceColumns(encoder, columns, 0, 0);
  const fresh = estimator.estimate(estimator.accumulator(schema).value());
  expectDefined(fresh, `${name}: the estimate without rows`);
  const what = `${name}: the estimate without rows, ${show(fresh)},`;
  scoresOf(fresh, columns).forEach((score, row) => {
    if (Number.isNaN(score)) fail(`${what} scores row ${row} NaN`);
  });
}

/** A fit of a few iterations. An error is fine when it is one that speaks to the user. */
function fewRows(estimator: AnyEstimator, { name, rows }: Subject): void {
  const lists = {
    'no rows': [],
    'one row': rows.slice(0, 1),
    'five equal rows': Array.from({ length: 5 }, () => rows[0]),
  };
  const algorithm = em(estimator);
  for (const [which, list] of Object.entries(lists)) {
    const columns = algorithm.encode(list);
    try {
      const start = algorithm.start(columns, { seed: 1, method: 'kmeans++' });
      iterate(estimator, start, columns, undefined, `${name}, ${which}`);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== 'ESTIMATION') throw error;
    }
  }
}

/** Three EM iterations; every model must be defined and score no row NaN. Returns the last. */
function iterate(
  estimator: AnyEstimator,
  start: AnyDistribution,
  columns: Columns,
  weights: Float64Array | undefined,
  what: string,
): AnyDistribution {
  const steps = em(estimator).steps(columns);
  try {
    let model = start;
    for (let i = 0; i < 3; i++) {
      const statistic = steps.expectation(model, columns, 0, columns.rowCount, weights);
      const { logLikelihood } = steps.likelihood(statistic);
      if (Number.isNaN(logLikelihood)) fail(`${what}: the log-likelihood is NaN after ${i} iterations`);
      ({ model } = steps.maximization(model, statistic));
      expectDefined(model, `${what}, iteration ${i + 1}`);
    }
    return model;
  } finally {
    steps.release();
  }
}

function inMixture(estimator: AnyEstimator, distributions: readonly AnyDistribution[], subject: Subject): void {
  const { name, distribution, rows, columns, weights } = subject;
  const other = distributions.find((d) => d !== distribution) ?? distribution;
  const mixture = new MixtureDistribution([distribution, other], { w: [0.3, 0.7] });
  const scores = scoresOf(mixture, columns);
  rows.forEach((row, i) => {
    const expected = logSumExp([Math.log(0.3) + distribution.logDensity(row), Math.log(0.7) + other.logDensity(row)]);
    expectClose(scores[i]!, expected, 1e-9, `${name}: row ${i} ${show(row)} under a mixture`);
  });
  climb(new MixtureEstimator([estimator, estimator]), mixture, columns, weights, `${name}, in a mixture`);
}

function deadComponent(estimator: AnyEstimator, { name, distribution, columns, weights }: Subject): void {
  const mixture = new MixtureDistribution([distribution, distribution], { w: [1, 0] });
  const mixtureEstimator = new MixtureEstimator([estimator, estimator]);
  const what = `${name}, with a component of weight 0`;
  const model = iterate(mixtureEstimator, mixture, columns, weights, what) as typeof mixture;
  if (!(model.w[0] === 1 && model.w[1] === 0)) fail(`${what}: the weights become ${model.w.join(', ')}`);
  scoresOf(model, columns).forEach((score, row) => {
    if (Number.isNaN(score)) fail(`${what}: row ${row} scores NaN`);
  });
}
