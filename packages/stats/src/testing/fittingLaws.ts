/** Laws of whole fits. */
import type { AnyDistribution, AnyEstimator, Columns } from '../contract.js';
import { em } from '../fit/em.js';
import { expectDefined, expectSame, fail, show } from './expect.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { lawMaker, type Subject, scoresOf } from './subject.js';

const ITERATIONS = 15;
/** Rows of a recovery. The standard error of a parameter of size 1 is then about 0.02. */
const RECOVERY_ROWS = 3000;
const RECOVERY_ITERATIONS = 60;

export function fittingLaws(laws: FamilyLaws): LawCheck[] {
  const { estimator, parameters, recovery = 0.1 } = laws;
  if (estimator === undefined) return [];
  const each = lawMaker(laws, 200);
  return [
    each('starts from any seed, the same from the same, with every row possible', (s) => starts(estimator, s)),
    each('never lowers the likelihood in an EM iteration', (s) => neverLowers(estimator, s)),
    ...(parameters === undefined
      ? []
      : [
          each('recovers the parameters of the distribution that drew the rows', (s) =>
            recovers(estimator, s, (distribution) => parameters(distribution as never), recovery),
          ),
        ]),
  ];
}

function starts(estimator: AnyEstimator, { name, columns }: Subject): void {
  const algorithm = em(estimator);
  for (const method of ['random', 'kmeans++'] as const) {
    const model = algorithm.start(columns, { seed: 3, method });
    expectDefined(model, `${name}: the ${method} start`);
    expectSame(
      algorithm.start(columns, { seed: '3', method }),
      model,
      0,
      `${name}: the ${method} start from the same seed`,
    );
    scoresOf(model, columns).forEach((score, row) => {
      if (!(score > -Infinity)) fail(`${name}: row ${row} scores ${score} under the ${method} start ${show(model)}`);
    });
  }
}

function neverLowers(estimator: AnyEstimator, { name, distribution, columns, weights }: Subject): void {
  const algorithm = em(estimator);
  climb(estimator, distribution, columns, weights, `${name}, from itself`);
  climb(
    estimator,
    algorithm.start(columns, { seed: 1, method: 'random' }),
    columns,
    weights,
    `${name}, from a random start`,
  );
}

/** Runs EM from `start`, and compares each log-likelihood with the one before. */
export function climb(
  estimator: AnyEstimator,
  start: AnyDistribution,
  columns: Columns,
  weights: Float64Array,
  what: string,
): void {
  const steps = em(estimator).steps(columns);
  try {
    let model = start;
    let before = -Infinity;
    for (let i = 0; i <= ITERATIONS; i++) {
      const statistic = steps.expectation(model, columns, 0, columns.rowCount, weights);
      const { logLikelihood } = steps.likelihood(statistic);
      if (Number.isNaN(logLikelihood)) fail(`${what}: the log-likelihood is NaN after ${i} iterations`);
      // Rounding of a sum over rows, some of which may be far larger than the total.
      if (logLikelihood < before - 1e-9 * (1 + Math.abs(before))) {
        fail(`${what}: iteration ${i} lowers the log-likelihood from ${before} to ${logLikelihood}`);
      }
      before = logLikelihood;
      const estimated = steps.maximization(model, statistic);
      expectDefined(estimated.model, `${what}, iteration ${i + 1}`);
      // The estimate then sits on the border by a convention of the family, not at a maximum.
      if (estimated.findings.length > 0) return;
      model = estimated.model;
    }
  } finally {
    steps.release();
  }
}

function recovers(
  estimator: AnyEstimator,
  { name, distribution: truth }: Subject,
  parameters: (distribution: AnyDistribution) => readonly number[],
  tolerance: number,
): void {
  const rows = truth.sampler('recovery').sample(RECOVERY_ROWS);
  const model = plainEm(estimator, truth, em(estimator).encode(rows));
  const expected = parameters(truth);
  const fitted = parameters(model);
  if (fitted.length !== expected.length) fail(`${name}: ${fitted.length} parameters, expected ${expected.length}`);
  expected.forEach((value, j) => {
    const error = Math.abs(fitted[j]! - value) / (1 + Math.abs(value));
    if (!(error <= tolerance)) {
      fail(`${name}: parameter ${j} is ${value}, the fit to ${RECOVERY_ROWS} rows gives ${fitted[j]}`);
    }
  });
}

/**
 * EM without a stopping rule that could send a worse model back. From the truth: components keep their order, so that
 * parameters can be compared one by one.
 */
function plainEm(estimator: AnyEstimator, truth: AnyDistribution, columns: Columns): AnyDistribution {
  const steps = em(estimator).steps(columns);
  try {
    let model = truth;
    let before = Number.NaN;
    for (let i = 0; i < RECOVERY_ITERATIONS; i++) {
      const statistic = steps.expectation(model, columns, 0, columns.rowCount);
      const { logLikelihood } = steps.likelihood(statistic);
      if (i > 1 && Math.abs(logLikelihood - before) < 1e-8 * columns.rowCount) break;
      before = logLikelihood;
      ({ model } = steps.maximization(model, statistic));
    }
    return model;
  } finally {
    steps.release();
  }
}
