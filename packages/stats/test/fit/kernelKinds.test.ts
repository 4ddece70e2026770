/** A fit of every family gives the same bits on the WebAssembly kernels and on their twins. */
import { afterAll, expect, it, vi } from 'vitest';
import { modelTypes, type PoissonEstimator } from '../../src/index.js';
import { everyFamily, type FamilyCase, traceOf } from '../everyFamily.js';

/** The package with kernels of one kind. */
async function packageOn(kind: 'wasm' | 'twin'): Promise<typeof import('../../src/index.js')> {
  vi.resetModules();
  vi.stubEnv('DML_KERNELS', kind);
  const stats = await import('../../src/index.js');
  const { kernels } = await import('../../src/numeric/kernels/index.js');
  (await import('../../src/numeric/kernels/webAssembly.js')).allowWebAssembly();
  expect(kernels().kind).toBe(kind);
  return stats;
}

const wasm = await packageOn('wasm');
const twin = await packageOn('twin');
afterAll(() => vi.unstubAllEnvs());

/** A model of a leaf family that is not listed: what its estimator gives without rows. */
function caseWithoutRows(name: string): FamilyCase {
  type Leaf = new () => Pick<PoissonEstimator, 'encoder' | 'accumulator' | 'estimate'>;
  const estimator = new (wasm as unknown as Readonly<Record<string, Leaf>>)[`${name}Estimator`]!();
  const model = estimator.estimate(estimator.accumulator(estimator.encoder().encode([])).value());
  const rows = model.sampler(1);
  return { model: { ...model.toJSON() }, row: () => rows.sample() };
}

/** All types of distributions over rows that can be stored whole, and whose estimator makes them again. */
const stored = modelTypes
  .filter(({ prototype, typeName }) => 'encoder' in prototype && !['Select', 'Variational'].includes(typeName))
  .map(({ typeName }) => typeName);

it.each([...new Set([...Object.keys(everyFamily), ...stored])])('%s', (name) => {
  const found = traceOf(wasm, name, everyFamily[name] ?? caseWithoutRows(name));
  expect(found.replace(/"(otherwise|missing)":null|"parents":\[null,/g, '')).not.toContain('null'); // what JSON makes of NaN
  expect(traceOf(twin, name, everyFamily[name] ?? caseWithoutRows(name))).toBe(found);
});

it('needs no case for a leaf family', () => {
  expect(traceOf(wasm, 'Gamma', caseWithoutRows('Gamma'))).toContain('"type":"Gamma"');
});

type Library = typeof wasm;

/** Fits that the list of models cannot hold: estimators with priors that are distributions, and a choice by a function. */
const withPriors: Readonly<
  Record<string, (stats: Library) => { readonly estimator: unknown; readonly rows: unknown[] }>
> = {
  'a mixture with priors': (stats) => ({ estimator: mixtureIn(stats), rows: numbersOf(stats) }),
  'a variational mixture': (stats) => ({ estimator: stats.variational(mixtureIn(stats)), rows: numbersOf(stats) }),
  'a variational hidden Markov model': (stats) => ({
    estimator: stats.variational(new stats.HiddenMarkovEstimator([gaussianIn(stats), gaussianIn(stats)])),
    rows: numbersOf(stats)
      .slice(0, 150)
      .map((x) => [x, x / 2, 1 - x]),
  }),
  'a variational mixture of vectors': (stats) => ({
    estimator: stats.variational(new stats.MixtureEstimator([vectorIn(stats), vectorIn(stats)])),
    rows: numbersOf(stats).map((x) => [x, 1 - x]),
  }),
  'a Dirichlet process with priors': (stats) => ({
    estimator: new stats.DirichletProcessMixtureEstimator(gaussianIn(stats), { truncation: 4 }),
    rows: numbersOf(stats),
  }),
  'a choice by a function': (stats) => ({
    estimator: new stats.SelectEstimator([gaussianIn(stats), new stats.GaussianEstimator()], {
      choose: (x: number) => (x > 1 ? 1 : 0),
    }),
    rows: numbersOf(stats),
  }),
};

function gaussianIn(stats: Library) {
  const prior = new stats.NormalGammaDistribution({ mu: 0, lambda: 0.1, alpha: 2, beta: 1 });
  return new stats.GaussianEstimator({ prior });
}

function vectorIn(stats: Library) {
  const prior = new stats.DiagonalNormalGammaDistribution({ mu: [0, 0], lambda: [1, 2], alpha: [2, 3], beta: [2, 1] });
  return new stats.DiagonalGaussianEstimator({ prior });
}

function mixtureIn(stats: Library) {
  const prior = new stats.DirichletDistribution({ alpha: [2, 1] });
  return new stats.MixtureEstimator([gaussianIn(stats), gaussianIn(stats)], { prior });
}

function numbersOf(stats: Library): number[] {
  const two = [-1, 2].map((mu) => new stats.GaussianDistribution({ mu, sigma2: 1 }));
  return new stats.MixtureDistribution(two, { w: [0.4, 0.6] }).sampler(3).sample(700);
}

it.each(Object.keys(withPriors))('%s', (name) => {
  const [found, expected] = [twin, wasm].map((stats) => {
    const { estimator, rows } = withPriors[name]!(stats);
    const fit = stats.optimize(rows as never[], estimator as never, { seed: 1, maxIterations: 20 });
    const { model, objective, path } = fit as { model: unknown; objective: number; path: readonly object[] };
    expect(objective).toBeGreaterThan(-1e5);
    return JSON.stringify({ model, objective, path });
  });
  expect(found).toBe(expected);
});
