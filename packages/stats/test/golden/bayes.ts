/** Runs the cases of bayes.json: a conjugate prior, weighted rows, and what is known of the parameters after them. */
import { DiagonalNormalGammaDistribution } from '../../src/bayes/diagonalNormalGamma.js';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import type { AnyDistribution, AnyEstimator, Bayes, ParameterDistribution } from '../../src/contract.js';
import {
  BernoulliDistribution,
  BernoulliEstimator,
  BetaDistribution,
  CategoricalEstimator,
  DiagonalGaussianDistribution,
  DiagonalGaussianEstimator,
  ExponentialDistribution,
  ExponentialEstimator,
  GammaDistribution,
  GaussianEstimator,
  GeometricEstimator,
  IntegerCategoricalEstimator,
  PoissonDistribution,
  PoissonEstimator,
} from '../../src/models/models.js';
import { build, type Json, NotImplemented } from './adapter.js';
import { differences } from './compare.js';

type Known = ParameterDistribution<unknown>;

/** A prior or posterior in our terms. */
export function parametersOf(json: Json, likelihood: string): Known {
  const { type, alpha } = json as { readonly type: string; readonly alpha: unknown };
  const numbers = json as never;
  if (type === 'NormalGamma') return new NormalGammaDistribution(renamed(numbers)) as Known;
  if (type === 'MultivariateNormalGamma') return new DiagonalNormalGammaDistribution(renamed(numbers)) as Known;
  if (type === 'Gamma') return new GammaDistribution(numbers) as Known;
  if (type === 'Beta') {
    const { a, b } = json as { readonly a: number; readonly b: number };
    return new BetaDistribution({ alpha: a, beta: b }) as Known;
  }
  if (typeof alpha === 'number') return new LevelDirichletDistribution<string>([], { other: alpha }) as Known;
  const pairs = likelihood === 'IntegerCategorical' ? (alpha as number[]).map((a, k) => [k, a]) : alpha;
  return new LevelDirichletDistribution<never>(pairs as never) as Known;
}

function renamed<V>({ mu, lam, a, b }: { readonly mu: V; readonly lam: V; readonly a: V; readonly b: V }) {
  return { mu, lambda: lam, alpha: a, beta: b };
}

/** The golden files' terms for what we know. */
export function describeKnown(known: Known, likelihood: string): unknown {
  const { type, ...fields } = known.toJSON();
  const { mu, lambda, alpha, beta, levels } = fields as Readonly<Record<string, unknown>>;
  if (type === 'NormalGamma') return { type, mu, lam: lambda, a: alpha, b: beta };
  if (type === 'DiagonalNormalGamma') return { type: 'MultivariateNormalGamma', mu, lam: lambda, a: alpha, b: beta };
  if (type === 'Beta') return { type, a: alpha, b: beta };
  if (type !== 'LevelDirichlet') return known.toJSON();
  const pairs = (levels as unknown[]).map((level, k) => [level, (alpha as unknown[])[k]]);
  return { type: 'Dirichlet', alpha: likelihood === 'IntegerCategorical' ? alpha : pairs };
}

/** An estimator of this family with this prior. */
export function estimatorWith(likelihood: string, prior: Known): AnyEstimator {
  const options = { prior: prior as never };
  if (likelihood === 'Gaussian') return new GaussianEstimator(options);
  if (likelihood === 'DiagonalGaussian') return new DiagonalGaussianEstimator(options);
  if (likelihood === 'Categorical') return new CategoricalEstimator(options);
  if (likelihood === 'IntegerCategorical') return new IntegerCategoricalEstimator(options);
  if (likelihood === 'Poisson') return new PoissonEstimator(options);
  if (likelihood === 'Exponential') return new ExponentialEstimator(options);
  if (likelihood === 'Geometric') return new GeometricEstimator(options);
  if (likelihood === 'Bernoulli') return new BernoulliEstimator(options);
  throw new NotImplemented(`no conjugate prior for ${likelihood}`);
}

export function isBayesCase(json: Json): boolean {
  return json.likelihood !== undefined;
}

/** The fitted parameters in the golden files' terms. */
function modeOf(model: AnyDistribution): Json {
  if (model instanceof BernoulliDistribution) return { p: model.p };
  if (model instanceof PoissonDistribution) return { rate: model.lambda };
  if (model instanceof ExponentialDistribution) return { rate: 1 / model.mean };
  if (model instanceof DiagonalGaussianDistribution) return { mu: model.mu, sigma2: model.sigma2 };
  return build.describe(model);
}

/** All disagreements of one case. @throws {NotImplemented} */
export function runBayes(json: Json & { readonly name: string }): string[] {
  const likelihood = String(json.likelihood);
  const estimator = estimatorWith(likelihood, parametersOf(json.prior as Json, likelihood));
  const bayes = estimator.bayes as Bayes<never, unknown, Known>;
  const columns = estimator.encoder().encode(json.data as unknown[]);
  const accumulator = estimator.accumulator(columns);
  accumulator.begin?.(undefined, columns, { float64: (length) => new Float64Array(length) });
  accumulator.seqUpdate(columns, 0, columns.rowCount, Float64Array.from(json.weights as number[]));
  const posterior = bayes.posterior(accumulator.value());
  const expected = new Float64Array(columns.rowCount);
  bayes.expectedScorer(posterior).seqLogDensity(columns, 0, columns.rowCount, expected);
  const got = {
    posterior: describeKnown(posterior, likelihood),
    mode: modeOf(estimator.estimate(accumulator.value())),
    expectedLogDensity: expected,
    posteriorEntropy: posterior.entropy,
    crossEntropyToPrior: posterior.crossEntropy(bayes.prior),
    klToPrior: bayes.divergence(posterior),
  };
  return differences(got, Object.fromEntries(Object.keys(got).map((name) => [name, json[name]])), 1e-9);
}
