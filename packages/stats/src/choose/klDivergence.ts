/** The divergence of two models of the same family, where it has a closed form. */

import { checkDistribution } from '../checks/parameters.js';
import type { AnyDistribution } from '../contract.js';
import { formatValue, ParameterError } from '../errors.js';
import { cholesky, inverseOfLower } from '../numeric/cholesky.js';
import { dirichletCrossEntropy, dirichletEntropy } from '../numeric/dirichletEntropy.js';
import { exp, log, log1p } from '../numeric/elementary.js';
import { lgamma, logMinusDigamma, stirlingRest } from '../numeric/special.js';

/** Plain fields of a model, children as they are. */
type Fields = Readonly<Record<string, unknown>>;
/** What a divergence is computed from: the plain fields of both models, which are of one family. */
type Divergence = (p: Fields, q: Fields, owner: string) => number;

/** e - log(1 + e), about e²/2, which the difference itself would lose for small e. */
function excess(e: number): number {
  if (e === Infinity) return Infinity;
  if (Math.abs(e) > 0.02) return e - log1p(e);
  let sum = 0;
  for (let n = 12; n >= 2; n--) sum = sum * e + (n % 2 === 0 ? 1 : -1) / n;
  return sum * e * e;
}

const number = (fields: Fields, name: string): number => fields[name] as number;
const numbers = (fields: Fields, name: string): readonly number[] => fields[name] as readonly number[];
const children = (fields: Fields, name: string): readonly AnyDistribution[] =>
  fields[name] as readonly AnyDistribution[];

/** p log(p/q) for one outcome; 0 for an impossible one, Infinity where only q finds it impossible. */
function term(p: number, q: number): number {
  return p === 0 ? 0 : q === 0 ? Infinity : p * (log(p) - log(q));
}

function trial(p: number, q: number): number {
  return term(p, q) + term(1 - p, 1 - q);
}

/** Of normal distributions: with r = σ²_p / σ²_q, ½ (r - 1 - log r) + (μ_p - μ_q)² / 2σ²_q. */
function gaussian(mu: number, sigma2: number, otherMu: number, otherSigma2: number): number {
  return 0.5 * (excess((sigma2 - otherSigma2) / otherSigma2) + (mu - otherMu) ** 2 / otherSigma2);
}

function scalarGaussian(p: Fields, q: Fields): number {
  return gaussian(number(p, 'mu'), number(p, 'sigma2'), number(q, 'mu'), number(q, 'sigma2'));
}

function diagonalGaussian(p: Fields, q: Fields, owner: string): number {
  const [sigma2, mu] = [numbers(p, 'sigma2'), numbers(p, 'mu')];
  sameLength(owner, 'mu', mu, numbers(q, 'mu'));
  return mu.reduce((sum, m, j) => sum + gaussian(m, sigma2[j]!, numbers(q, 'mu')[j]!, numbers(q, 'sigma2')[j]!), 0);
}

/** ½ (tr(Q⁻¹P) - d - log |Q⁻¹P| + δᵀQ⁻¹δ), with Q = LLᵀ: from the Cholesky factor of L⁻¹PL⁻ᵀ. */
function multivariateGaussian(p: Fields, q: Fields, owner: string): number {
  const [mu, otherMu] = [numbers(p, 'mu'), numbers(q, 'mu')];
  sameLength(owner, 'mu', mu, otherMu);
  const d = mu.length;
  const flat = (fields: Fields) => Float64Array.from((fields.covariance as readonly (readonly number[])[]).flat());
  const inverse = inverseOfLower(cholesky(flat(q), d)!, d); // models have positive definite covariances
  const factor = cholesky(flat(p), d)!;
  let sum = 0;
  for (let i = 0; i < d; i++) {
    let shift = 0;
    for (let j = 0; j <= i; j++) {
      shift += inverse[i * d + j]! * (mu[j]! - otherMu[j]!);
      let entry = 0; // of L⁻¹ times the factor of P, which is lower triangular too
      for (let k = j; k <= i; k++) entry += inverse[i * d + k]! * factor[k * d + j]!;
      sum += j === i ? excess(entry * entry - 1) : entry * entry;
    }
    sum += shift * shift;
  }
  return 0.5 * sum;
}

/**
 * Of gamma distributions with shapes a, b and scales s, t: (a - b) ψ(a) - log Γ(a) + log Γ(b) + b log(t/s) + a (s - t)/t. Written with
 * the rests of Stirling's formula and of ψ(a) = log a - …, in which what is of the order of a log a has cancelled by hand.
 */
function gamma(p: Fields, q: Fields): number {
  const [a, b, s, t] = [number(p, 'shape'), number(q, 'shape'), number(p, 'scale'), number(q, 'scale')];
  const [shape, scale] = [(a - b) / b, (s - t) / t];
  const ofShapes =
    b * excess(shape) + 0.5 * log1p(shape) - (a - b) * logMinusDigamma(a) - stirlingRest(a) + stirlingRest(b);
  return ofShapes + b * excess(scale) + (a - b) * scale;
}

const EULER_GAMMA = 0.5772156649015329;

/** With shapes k, m and scales s, t. */
function weibull(p: Fields, q: Fields): number {
  const [k, m, s, t] = [number(p, 'shape'), number(q, 'shape'), number(p, 'scale'), number(q, 'scale')];
  const power = m * log(s / t) + lgamma(1 + m / k);
  return log(k / m) - m * log(s / t) + (EULER_GAMMA * (m - k)) / k + exp(power) - 1;
}

function uniform(p: Fields, q: Fields): number {
  const [low, high, otherLow, otherHigh] = [number(p, 'min'), number(p, 'max'), number(q, 'min'), number(q, 'max')];
  return low < otherLow || high > otherHigh ? Infinity : log((otherHigh - otherLow) / (high - low));
}

/** λ - μ - μ log(λ/μ), for means. */
function poisson(p: Fields, q: Fields): number {
  const [mean, other] = [number(p, 'lambda'), number(q, 'lambda')];
  if (mean === 0 || other === 0) return mean === other ? 0 : mean === 0 ? other : Infinity;
  return mean * excess((other - mean) / mean);
}

function exponential(p: Fields, q: Fields): number {
  return excess((number(p, 'mean') - number(q, 'mean')) / number(q, 'mean'));
}

function geometric(p: Fields, q: Fields): number {
  return trial(number(p, 'p'), number(q, 'p')) / number(p, 'p');
}

/** Of one number of trials, and one least value. */
function binomial(p: Fields, q: Fields, owner: string): number {
  for (const name of ['n', 'min']) same(owner, name, p[name], q[name]);
  return number(p, 'n') * trial(number(p, 'p'), number(q, 'p'));
}

/** Of one size r: r log((r + m)/(r + μ)) + μ log(μ (r + m) / (m (r + μ))), with means μ and m. */
function negativeBinomial(p: Fields, q: Fields, owner: string): number {
  same(owner, 'size', p.size, q.size);
  const [r, mean, other] = [number(p, 'size'), number(p, 'mean'), number(q, 'mean')];
  const all = log1p((other - mean) / (r + mean));
  return r * all + (mean === 0 ? 0 : mean * (log(mean / other) + all));
}

/** The probability of each level. */
function byLevel(fields: Fields): ReadonlyMap<unknown, number> {
  return new Map((fields.levels as readonly unknown[]).map((level, k) => [level, numbers(fields, 'p')[k]!]));
}

/** Over the levels of both; a level that q lacks has probability `unseen` there. */
function categorical(p: Fields, q: Fields, owner: string): number {
  if (number(p, 'unseen') > 0) {
    throw new ParameterError(owner, 'p.unseen', '0: mass outside the levels has no divergence', p.unseen);
  }
  const theirs = byLevel(q);
  const total = 1 + number(q, 'unseen');
  return (p.levels as readonly unknown[]).reduce<number>(
    (sum, level, k) => sum + term(numbers(p, 'p')[k]!, (theirs.get(level) ?? number(q, 'unseen')) / total),
    0,
  );
}

function integerCategorical(p: Fields, q: Fields): number {
  const shift = number(p, 'min') - number(q, 'min');
  return numbers(p, 'p').reduce((sum, share, k) => sum + term(share, numbers(q, 'p')[k + shift] ?? 0), 0);
}

function dirichlet(alpha: readonly number[], other: readonly number[], owner: string): number {
  sameLength(owner, 'alpha', alpha, other);
  return Math.max(0, dirichletCrossEntropy(alpha, other) - dirichletEntropy(alpha));
}

function listed(p: Fields, q: Fields, owner: string, name: string): number {
  sameLength(owner, name, children(p, name), children(q, name));
  return children(p, name).reduce(
    (sum, child, k) => sum + divergence(child, children(q, name)[k]!, `${owner}.${name}[${k}]`),
    0,
  );
}

function record(p: Fields, q: Fields, owner: string): number {
  const [mine, theirs] = [p.fields, q.fields] as readonly Readonly<Record<string, AnyDistribution>>[];
  same(owner, 'fields', Object.keys(mine!).sort().join(', '), Object.keys(theirs!).sort().join(', '));
  return Object.entries(mine!).reduce(
    (sum, [name, child]) => sum + divergence(child, theirs![name]!, `${owner}.fields.${name}`),
    0,
  );
}

/** Of the gap and, where there is none, of the value. A gap that is not modelled says nothing. */
function optional(p: Fields, q: Fields, owner: string): number {
  same(owner, 'missing', p.missing, q.missing);
  const [gap, otherGap] = [p.p, q.p] as readonly (number | null)[];
  const ofValues = divergence(p.dist as AnyDistribution, q.dist as AnyDistribution, `${owner}.dist`);
  if (gap === null || otherGap === null || gap === undefined || otherGap === undefined) {
    same(owner, 'p', gap, otherGap);
    return ofValues;
  }
  return trial(gap, otherGap) + (gap === 1 ? 0 : (1 - gap) * ofValues);
}

/** Of the levels, and of the value of each level as often as it comes. */
function conditional(p: Fields, q: Fields, owner: string): number {
  const given = p.given as AnyDistribution;
  const { type, ...levels } = given.toJSON();
  if (type !== 'Categorical') {
    throw new ParameterError(owner, 'given', 'a categorical distribution of the levels', given);
  }
  const ofLevels = divergence(given, q.given as AnyDistribution, `${owner}.given`);
  return [...byLevel(levels)].reduce((sum, [level, share]) => {
    if (share === 0) return sum;
    const [mine, theirs] = [distOfLevel(p, level), distOfLevel(q, level)];
    if (mine === null) throw new ParameterError(owner, 'dists', 'a distribution for each level of given', level);
    return (
      sum + (theirs === null ? Infinity : share * divergence(mine, theirs, `${owner}.dists[${formatValue(level)}]`))
    );
  }, ofLevels);
}

function distOfLevel(fields: Fields, level: unknown): AnyDistribution | null {
  const at = (fields.levels as readonly unknown[]).indexOf(level);
  return children(fields, 'dists')[at] ?? (fields.otherwise as AnyDistribution | null);
}

/** Of the length, and of the items as often as there are any on the average. */
function sequence(p: Fields, q: Fields, owner: string): number {
  const [length, otherLength] = [p.length, q.length] as readonly AnyDistribution[];
  if (p.lengthNormalized === true || q.lengthNormalized === true) {
    throw new ParameterError(owner, 'lengthNormalized', 'false: such a model is not a density', true);
  }
  const { mean } = length as { readonly mean?: unknown };
  if (typeof mean !== 'number') throw new ParameterError(owner, 'length', 'a distribution with a mean', length);
  const ofLengths = divergence(length!, otherLength!, `${owner}.length`);
  return (
    ofLengths +
    (mean === 0 ? 0 : mean * divergence(p.dist as AnyDistribution, q.dist as AnyDistribution, `${owner}.dist`))
  );
}

/** Sets of independent members. */
function set(p: Fields, q: Fields, owner: string): number {
  const theirs = byLevel(q);
  sameLength(owner, 'levels', p.levels as readonly unknown[], q.levels as readonly unknown[]);
  return (p.levels as readonly unknown[]).reduce<number>((sum, level, k) => {
    const share = theirs.get(level);
    if (share === undefined)
      throw new ParameterError(owner, 'q.levels', `those of p, ${formatValue(p.levels)}`, q.levels);
    return sum + trial(numbers(p, 'p')[k]!, share);
  }, 0);
}

/** The same, of integers from 0. */
function integerSet(p: Fields, q: Fields, owner: string): number {
  sameLength(owner, 'p', numbers(p, 'p'), numbers(q, 'p'));
  return numbers(p, 'p').reduce((sum, share, k) => sum + trial(share, numbers(q, 'p')[k]!), 0);
}

const FAMILIES: Readonly<Record<string, Divergence>> = {
  Gaussian: scalarGaussian,
  LogGaussian: scalarGaussian,
  DiagonalGaussian: diagonalGaussian,
  MultivariateGaussian: multivariateGaussian,
  Exponential: exponential,
  Gamma: gamma,
  Weibull: weibull,
  Uniform: uniform,
  Beta: (p, q, owner) =>
    dirichlet([number(p, 'alpha'), number(p, 'beta')], [number(q, 'alpha'), number(q, 'beta')], owner),
  Dirichlet: (p, q, owner) => dirichlet(numbers(p, 'alpha'), numbers(q, 'alpha'), owner),
  Poisson: poisson,
  Geometric: geometric,
  Bernoulli: (p, q) => trial(number(p, 'p'), number(q, 'p')),
  Binomial: binomial,
  NegativeBinomial: negativeBinomial,
  Categorical: categorical,
  IntegerCategorical: integerCategorical,
  BernoulliSet: set,
  IntegerBernoulliSet: integerSet,
  Record: record,
  Composite: (p, q, owner) => listed(p, q, owner, 'dists'),
  Optional: optional,
  Conditional: conditional,
  Ignored: (p, q, owner) => divergence(p.dist as AnyDistribution, q.dist as AnyDistribution, `${owner}.dist`),
  Sequence: sequence,
  Null: () => 0,
};

function same(owner: string, name: string, mine: unknown, theirs: unknown): void {
  if (!Object.is(mine, theirs)) throw new ParameterError(owner, `q.${name}`, `as that of p, ${String(mine)}`, theirs);
}

function sameLength(owner: string, name: string, mine: readonly unknown[], theirs: readonly unknown[]): void {
  if (mine.length === theirs.length) return;
  throw new ParameterError(owner, `q.${name}`, `a list of ${mine.length}, as that of p`, theirs);
}

function divergence(p: AnyDistribution, q: AnyDistribution, owner: string): number {
  const [{ type, ...mine }, { type: otherType, ...theirs }] = [p.toJSON(), q.toJSON()] as const;
  same(owner, 'type', type, otherType);
  const closed = Object.hasOwn(FAMILIES, type) ? FAMILIES[type] : undefined;
  if (closed !== undefined) return closed(mine, theirs, owner);
  const families = Object.keys(FAMILIES).join(', ');
  throw new ParameterError(owner, 'p', `of a family with a closed form (${families}), or use empiricalKlDivergence`, p);
}

/**
 * The Kullback-Leibler divergence KL(p || q) = E_p log(p/q) of two models of one family, in nats: 0 when they are equal, Infinity
 * when a value that is possible under p is impossible under q.
 * Closed forms only: most families of one number, vectors and levels, and records,
 * composites, conditionals with a categorical of their levels, gaps and sequences of these. For the others there is `empiricalKlDivergence`.
 * @throws {ParameterError} for models of different families, or of one without a closed form, and for parameters that must be
 *   equal (the trials of a binomial, the size of a negative binomial)
 * @example
 * klDivergence(new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 1, sigma2: 1 })); // 0.5
 * @see Kullback & Leibler (1951), On information and sufficiency; Gil, Alajaji & Linder (2013), Rényi divergence measures for
 *   commonly used univariate continuous distributions, for the table
 */
export function klDivergence<D extends AnyDistribution>(p: D, q: NoInfer<D>): number {
  checkDistribution('klDivergence', 'p', p);
  checkDistribution('klDivergence', 'q', q);
  return divergence(p, q, 'klDivergence');
}
