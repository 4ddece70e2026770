/** Laws of whole fits. */
import type { Accumulator, AnyDistribution, AnyEstimator, Columns, Finding, Seed } from '../contract.js';
import { em } from '../fit/em.js';
import { reportInto } from '../fit/findings.js';
import { drawsOf } from '../numeric/random.js';
import { initializeChild, logPriorOf } from '../tree/children.js';
import { tie } from '../tree/tie.js';
import { expectDefined, expectSame, fail, firstDifference, plainOf, show } from './expect.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import {
  accumulate,
  estimateOf,
  lawMaker,
  offered,
  randomCut,
  type Subject,
  scoresOf,
  scratch,
  UNTESTED,
} from './subject.js';

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
    ...offered(laws, {
      seqInitialize: each('draws its start below a hidden variable, the same from the same seed', (s) =>
        drawsItsStart(estimator, s),
      ),
      takesLabels: each('starts from the labels that the user gives', (s) => takesLabels(estimator, s)),
      pooling: each('holds a component of one row at the floor that all rows give', (s) => holdsAtFloor(estimator, s)),
      hasPrior: each('says when imaginary rows enter its estimate', (s) => saysItsPrior(estimator, s)),
    }),
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

/** A start that the draws do not change is untested: then `seqUpdate` alone would do. */
function drawsItsStart(estimator: AnyEstimator, { name, columns, weights }: Subject): unknown {
  const half = Math.floor(columns.rowCount / 2);
  const startOf = (seed: Seed) => {
    const accumulator = estimator.accumulator(columns) as Accumulator;
    accumulator.begin?.(undefined, columns, scratch);
    // Half of the rows: what the others hold is then left to the draws.
    initializeChild(accumulator, columns, 0, half, weights, drawsOf(seed, 'random').component('law'));
    return estimateOf(estimator, accumulator);
  };
  const start = startOf(1);
  expectDefined(start, `${name}: the start below a hidden variable`);
  expectSame(startOf('1'), start, 0, `${name}: the start below a hidden variable from the same seed`);
  const isDrawn = firstDifference(plainOf(startOf(2)), plainOf(start)) !== undefined;
  return isDrawn || isUnlikeRows(estimator, columns, half, weights, start) ? undefined : UNTESTED;
}

/** Whether a start is another model than the estimate from the same rows. A latent family has no such estimate. */
function isUnlikeRows(
  estimator: AnyEstimator,
  columns: Columns,
  end: number,
  weights: Float64Array,
  start: AnyDistribution,
): boolean {
  const accumulator = estimator.accumulator(columns) as Accumulator;
  accumulator.begin?.(undefined, columns, scratch);
  accumulator.seqUpdate(columns, 0, end, weights);
  return firstDifference(plainOf(estimateOf(estimator, accumulator)), plainOf(start)) !== undefined;
}

const MAX_COMPONENTS = 8;

function takesLabels(estimator: AnyEstimator, { name, columns }: Subject): void {
  const { rowCount } = columns;
  const algorithm = em(estimator);
  const startFrom = (componentCount: number, shift: number) => {
    const labels = new Float64Array(componentCount * rowCount);
    for (let row = 0; row < rowCount; row++) labels[((row + shift) % componentCount) * rowCount + row] = 1;
    return algorithm.start(columns, { seed: 1, method: 'random', labels });
  };
  for (let componentCount = 2; componentCount <= MAX_COMPONENTS; componentCount++) {
    let start: AnyDistribution;
    try {
      start = startFrom(componentCount, 0);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'PARAMETER') continue; // labels for another number of components
      throw error;
    }
    expectSame(startFrom(componentCount, 0), start, 0, `${name}: the start from the same labels`);
    const difference = firstDifference(plainOf(startFrom(componentCount, 1)), plainOf(start));
    if (difference === undefined) fail(`${name}: other labels give the same start ${show(start)}`);
    return;
  }
  fail(`${name}: it takes labels, but none of 2 to ${MAX_COMPONENTS} components`);
}

/** A subject whose rows are lists of many items, which are never all equal, is untested. */
function holdsAtFloor(estimator: AnyEstimator, { name, distribution, columns, weights, random }: Subject): unknown {
  const statisticOf = (start: number, end: number) => {
    const accumulator = accumulate(estimator, distribution, columns, weights, [[start, end]]);
    tie(accumulator);
    return accumulator.value();
  };
  const pool = (statistics: readonly unknown[]) => estimator.pooling?.pool(statistics);
  const all = statisticOf(0, columns.rowCount);
  const ofAll = pool([all]);
  expectSame(
    plainOf(estimator.estimate(all, undefined, ofAll)),
    plainOf(estimator.estimate(all)),
    0,
    `${name}: the estimate from all rows with their own floor`,
  );
  const ofParts = pool(randomCut(random, columns.rowCount).map(([start, end]) => statisticOf(start, end)));
  const one = statisticOf(0, 1);
  const findings: Finding[] = [];
  const held = estimator.estimate(one, reportInto(findings), ofAll);
  expectDefined(held, `${name}: the estimate from one row`);
  // A floor may be a small number: how high the density is tells whether two are equal.
  const heightOf = (model: AnyDistribution) => scoresOf(model, columns)[0];
  const ofTheParts = estimator.estimate(one, undefined, ofParts);
  expectSame(
    heightOf(ofTheParts),
    heightOf(held),
    1e-6,
    `${name}: the log-density of one row under the floor of parts`,
  );
  return findings.some(({ kind, message }) => kind === 'degenerate' && message.includes('floor'))
    ? undefined
    : UNTESTED;
}

function saysItsPrior(estimator: AnyEstimator, subject: Subject): void {
  const { name, distribution, columns, weights } = subject;
  if (estimator.hasPrior !== false) fail(`${name}: hasPrior of the estimator, which has no prior, is not false`);
  const pulled = distribution.estimator({ pseudoCount: 5 });
  if (pulled.hasPrior !== true) fail(`${name}: hasPrior of its estimator with a pseudo count is not true`);
  const logPrior = (model: AnyDistribution) => logPriorOf(pulled, model);
  if (Number.isNaN(logPrior(distribution))) return; // not known, which a family may say
  climb(pulled, distribution, columns, weights, `${name} with a prior, from itself`, logPrior);
  const start = em(pulled).start(columns, { seed: 1, method: 'random' });
  climb(pulled, start, columns, weights, `${name} with a prior, from a random start`, logPrior);
  raisesMost(pulled, subject);
}

/** No estimate with a little more or less of the prior has as much of the objective as that of `pulled`, but by rounding. */
function raisesMost(pulled: AnyEstimator, { name, distribution, columns, weights }: Subject): void {
  const steps = em(pulled).steps(columns);
  const stepOf = (estimator: AnyEstimator, model: AnyDistribution) => {
    const own = em(estimator).steps(columns);
    try {
      return own.maximization(model, own.expectation(model, columns, 0, columns.rowCount, weights)).model;
    } finally {
      own.release();
    }
  };
  const objectiveOf = (model: AnyDistribution) => {
    const { logLikelihood } = steps.likelihood(steps.expectation(model, columns, 0, columns.rowCount, weights));
    return logLikelihood + logPriorOf(pulled, model);
  };
  try {
    const best = stepOf(pulled, distribution);
    const most = objectiveOf(best);
    // With a hidden variable one step is no maximum.
    if (firstDifference(plainOf(stepOf(pulled, best)), plainOf(best), 1e-12) !== undefined) return;
    for (const pseudoCount of [3, 8]) {
      const other = objectiveOf(stepOf(distribution.estimator({ pseudoCount }), distribution));
      if (other > most + 1e-9 * (1 + Math.abs(most))) {
        fail(
          `${name}: the estimate with ${pseudoCount} imaginary rows has more of the objective of 5, ${other}, than ${most}`,
        );
      }
    }
  } finally {
    steps.release();
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

/** Runs EM from `start`, and compares each log-likelihood, with the prior if there is one, with the one before. */
export function climb(
  estimator: AnyEstimator,
  start: AnyDistribution,
  columns: Columns,
  weights: Float64Array,
  what: string,
  logPrior: (model: AnyDistribution) => number = () => 0,
): void {
  const steps = em(estimator).steps(columns);
  try {
    let model = start;
    let before = -Infinity;
    for (let i = 0; i <= ITERATIONS; i++) {
      const statistic = steps.expectation(model, columns, 0, columns.rowCount, weights);
      const objective = steps.likelihood(statistic).logLikelihood + logPrior(model);
      if (Number.isNaN(objective)) fail(`${what}: the log-likelihood is NaN after ${i} iterations`);
      // Rounding of a sum over rows, some of which may be far larger than the total.
      if (objective < before - 1e-9 * (1 + Math.abs(before))) {
        fail(`${what}: iteration ${i} lowers the log-likelihood from ${before} to ${objective}`);
      }
      before = objective;
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
