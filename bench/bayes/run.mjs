// node bench/bayes/run.mjs: what variational fits cost and find, with the built @dml/stats.
// 1. An iteration of a variational mixture beside one of plain EM; they take turns, the least CPU time of the rounds counts.
// 2. A Dirichlet-process mixture beside scikit-learn's BayesianGaussianMixture: the same rows, priors, truncation, first responsibilities
//    and number of iterations. There α is a constant, here its prior is nearly one; there the last stick has a prior, here
//    it is 1. So what both share is the posterior of the components that have rows.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as stats from '@dml/stats';

const ROUNDS = Number(process.env.DML_BENCH_ROUNDS ?? 5);
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const python = join(dirname(fileURLToPath(import.meta.url)), 'sklearn_process.py');

/** Rows of `count` round clusters, 6 apart along the axes in turn. */
function clusters(count, dimension, rowCount) {
  const components = Array.from({ length: count }, (_, k) => {
    const mu = Array.from({ length: dimension }, (_coordinate, j) => (k % dimension === j ? 6 * (1 + k) : 0));
    return new stats.DiagonalGaussianDistribution({ mu, sigma2: mu.map(() => 1) });
  });
  const w = components.map(() => 1 / count);
  return new stats.MixtureDistribution(components, { w }).sampler(1).sample(rowCount);
}

const startless = (maxIterations) => ({ maxIterations, delta: null, acceleration: 'none' });
const fixed = (maxIterations) => ({ seed: 1, ...startless(maxIterations), start: 'random' });

/** Each row belongs to the nearest of `count` rows. */
function nearestSeeds(rows, count) {
  const seeds = Array.from({ length: count }, (_, k) => rows[Math.floor((k * rows.length) / count)]);
  return rows.map((row) => {
    const distances = seeds.map((seed) => seed.reduce((sum, x, j) => sum + (x - row[j]) ** 2, 0));
    const nearest = distances.indexOf(Math.min(...distances));
    return seeds.map((_, k) => (k === nearest ? 1 : 0));
  });
}

/** CPU nanoseconds, and the result. */
function timed(run) {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { nanoseconds: 1000 * (user + system), result };
}

function costOfIteration() {
  const dimension = 8;
  const rows = clusters(8, dimension, 40_000);
  const list = (x) => new Array(dimension).fill(x);
  const prior = new stats.DiagonalNormalGammaDistribution({
    mu: list(0),
    lambda: list(0.01),
    alpha: list(2),
    beta: list(2),
  });
  const eight = (options) => new Array(8).fill(new stats.DiagonalGaussianEstimator(options));
  const estimators = {
    em: new stats.MixtureEstimator(eight({})),
    variational: stats.variational(
      new stats.MixtureEstimator(eight({ prior }), { prior: new stats.DirichletDistribution({ alpha: list(1) }) }),
    ),
    process: new stats.DirichletProcessMixtureEstimator(new stats.DiagonalGaussianEstimator({ prior }), {
      truncation: 8,
    }),
  };
  const jobs = Object.entries(estimators).map(([name, estimator]) => {
    const algorithm = stats.em(estimator);
    const columns = algorithm.encode(rows);
    const { model } = stats.optimize(rows, estimator, fixed(20));
    const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
    return { name, algorithm, columns, model, steps, best: Infinity };
  });
  // Each turn is as short as it can be: the least of many is what an iteration costs on a machine with other work.
  for (let round = -3; round < 10 * ROUNDS; round++) {
    for (const job of jobs) {
      const { nanoseconds } = timed(() => iteration(job, rows.length));
      if (round >= 0) job.best = Math.min(job.best, nanoseconds);
    }
  }
  const [em] = jobs;
  const show = ({ name, best }) => `${name} ${(best / 1e6).toFixed(2)} ms (${(best / em.best).toFixed(2)} of EM)`;
  console.log(`an iteration, 40,000 rows of ${dimension} numbers, 8 components: ${jobs.map(show).join(', ')}`);
}

/** What a fit does between two models: a pass over the rows, the M step, and the log prior of the model that it gives. */
function iteration({ algorithm, columns, model, steps }, rowCount) {
  const count = algorithm.segments.count(rowCount);
  const at = (segment) => algorithm.segments.start(rowCount, segment);
  let statistic;
  for (let segment = 0; segment < count; segment++) {
    const part = steps.expectation(model, columns, at(segment), at(segment + 1));
    statistic = statistic === undefined ? part : steps.combine(statistic, part);
  }
  algorithm.logPrior(steps.maximization(model, statistic).model);
}

function besideSklearn() {
  const [dimension, truncation, iterations] = [3, 8, 300];
  const rows = clusters(4, dimension, 4000);
  const identity = Array.from({ length: dimension }, (_, i) =>
    Array.from({ length: dimension }, (_column, j) => (i === j ? 1 : 0)),
  );
  const prior = new stats.NormalWishartDistribution({
    mu: new Array(dimension).fill(0),
    lambda: 0.01,
    nu: dimension + 2,
    scatter: identity,
  });
  const estimator = new stats.DirichletProcessMixtureEstimator(new stats.MultivariateGaussianEstimator({ prior }), {
    truncation,
    concentration: new stats.GammaDistribution({ shape: 1e8, scale: 1e-8 }),
  });
  const folder = mkdtempSync(join(tmpdir(), 'dml-bench-'));
  try {
    const path = join(folder, 'rows');
    writeFileSync(path, Float64Array.from(rows.flatMap((row) => Array.from(row))));
    const responsibilities = nearestSeeds(rows, truncation);
    writeFileSync(`${path}.start`, Float64Array.from(responsibilities.flat()));
    const best = { dml: Infinity, sklearn: Infinity };
    let ours;
    let theirs;
    for (let round = -1; round < ROUNDS; round++) {
      const fit = timed(() => stats.optimize(rows, estimator, { ...startless(iterations), responsibilities }));
      ours = fit.result.model;
      const args = [python, path, dimension, truncation, iterations].map(String);
      theirs = JSON.parse(
        execFileSync(PYTHON, args, { env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' } }),
      );
      if (round < 0) continue;
      best.dml = Math.min(best.dml, fit.nanoseconds);
      best.sklearn = Math.min(best.sklearn, theirs.nanoseconds);
    }
    const known = [...ours.posteriors].sort((a, b) => b.lambda - a.lambda);
    const used = known.filter(({ lambda }) => lambda > 1).length;
    const usedThere = theirs.lambda.filter((lambda) => lambda > 1).length;
    let largest = 0;
    for (let k = 0; k < Math.min(used, usedThere); k++) {
      const pairs = [
        [known[k].lambda, theirs.lambda[k]],
        ...known[k].mu.map((x, j) => [x, theirs.mu[k][j]]),
        ...known[k].scatter.flatMap((row, i) => row.map((x, j) => [x / known[k].nu, theirs.covariance[k][i][j]])),
      ];
      for (const [a, b] of pairs) largest = Math.max(largest, Math.abs(a - b) / Math.max(1, Math.abs(b)));
    }
    const difference = used === usedThere ? `; largest difference of their posteriors ${largest.toExponential(1)}` : '';
    console.log(`components with rows: dml ${used}, sklearn ${usedThere}${difference}`);
    console.log(
      `${iterations} iterations: dml ${(best.dml / 1e6).toFixed(0)} ms, sklearn ${(best.sklearn / 1e6).toFixed(0)} ms, ` +
        `ratio ${(best.dml / best.sklearn).toFixed(3)}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

costOfIteration();
besideSklearn();
