/** Laws of what a distribution can be asked besides its density, against its own samples and its own density. */
import type { AnyDistribution } from '../contract.js';
import { expectClose, fail, show } from './expect.js';
import { integrate } from './integrate.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { lawMaker, offered, type Subject, UNTESTED } from './subject.js';

const SAMPLE_ROWS = 4000;
/** Standard errors that a sample moment may be off; one more where the standard error is the sample's own. */
const Z = 5;
/** Sums and integrals of densities against differences of the distribution function. */
const MASS_TOLERANCE = 1e-7;

export function queryLaws(laws: FamilyLaws): LawCheck[] {
  const each = lawMaker(laws, 60);
  return offered(laws, {
    mean: each('has the mean of its samples', meansMatch),
    variance: each('has the variance of its samples', variancesMatch),
    covariance: each('has the covariances of its samples', covariancesMatch),
    mode: each('has no denser row than its mode', hasItsMode),
    entropy: each('has the mean of -log f as its entropy', entropiesMatch),
    cdf: each('has a distribution function that its density and its samples agree with', (s) => cdfMatches(laws, s)),
    survival: each('has a survival function that is 1 - cdf', survivalIsRest),
    quantile: each('inverts its distribution function', invertsCdf),
    presence: each('has the share of values that are there among its samples', presenceMatches),
  });
}

/** Sampled rows, without those that stand for «missing» where rows may be missing. */
function presentSample(distribution: AnyDistribution): readonly unknown[] {
  return valuesOf(distribution.sampler('queries').sample(SAMPLE_ROWS), distribution.presence);
}

function valuesOf(rows: readonly unknown[], presence: number | undefined): readonly unknown[] {
  if (presence === undefined) return rows;
  return rows.filter((row) => row !== null && row !== undefined && !Number.isNaN(row));
}

function presenceMatches({ name, distribution }: Subject): unknown {
  const { presence } = distribution;
  if (presence === undefined) return UNTESTED;
  const share = presentSample(distribution).length / SAMPLE_ROWS;
  const error = Math.sqrt((presence * (1 - presence)) / SAMPLE_ROWS);
  if (Math.abs(share - presence) <= Z * error) return undefined;
  return fail(`${name}: presence is ${presence}, but ${share} of ${SAMPLE_ROWS} samples are there`);
}

/** The coordinates of sampled rows, one list for each, or undefined where a row is neither a number nor a vector. */
function coordinatesOf(distribution: AnyDistribution): readonly (readonly number[])[] | undefined {
  const rows = presentSample(distribution);
  const vectors = rows.map((row) => (typeof row === 'object' ? Array.from(row as number[]) : [Number(row)]));
  if (vectors.some((vector) => vector.length !== vectors[0]!.length || !vector.every(Number.isFinite)))
    return undefined;
  return vectors[0]!.map((_, j) => vectors.map((vector) => vector[j]!));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean of `values` must be `expected` within sampling error and rounding. */
function expectMean(values: readonly number[], expected: number, what: string): void {
  const mean = meanOf(values);
  const error = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / values.length);
  if (Math.abs(mean - expected) <= (Z + 1) * error + 1e-9 * Math.abs(expected)) return;
  fail(`${what}: ${values.length} samples give ${mean}, it says ${expected} (standard error ${error})`);
}

/** A sample of a distribution without variance has no standard error. */
function hasMoments({ mean, variance = 0 }: AnyDistribution): boolean {
  return [mean].flat().every((m) => m !== undefined && Number.isFinite(m)) && Number.isFinite(variance);
}

function meansMatch({ name, distribution }: Subject): unknown {
  const coordinates = coordinatesOf(distribution);
  if (coordinates === undefined || !hasMoments(distribution)) return UNTESTED;
  const means = [distribution.mean].flat() as number[];
  if (means.length !== coordinates.length) fail(`${name}: the mean has ${means.length} coordinates`);
  means.forEach((mean, j) => expectMean(coordinates[j]!, mean, `${name}: mean, coordinate ${j}`));
  return undefined;
}

function variancesMatch({ name, distribution }: Subject): unknown {
  const values = coordinatesOf(distribution)?.[0];
  if (values === undefined || !hasMoments(distribution)) return UNTESTED;
  const mean = typeof distribution.mean === 'number' ? distribution.mean : meanOf(values);
  expectMean(
    values.map((value) => (value - mean) ** 2),
    distribution.variance!,
    `${name}: variance`,
  );
  return undefined;
}

function covariancesMatch({ name, distribution }: Subject): unknown {
  const coordinates = coordinatesOf(distribution);
  if (coordinates === undefined) return UNTESTED;
  const centred = coordinates.map((values) => {
    const mean = meanOf(values);
    return values.map((value) => value - mean);
  });
  const { covariance = [] } = distribution;
  if (covariance.length !== centred.length) fail(`${name}: covariance has ${covariance.length} rows`);
  covariance.forEach((row, i) => {
    if (row.length !== centred.length) fail(`${name}: covariance[${i}] has ${row.length} entries`);
    row.forEach((expected, j) => {
      const products = centred[i]!.map((value, k) => value * centred[j]![k]!);
      expectMean(products, expected, `${name}: covariance[${i}][${j}]`);
    });
  });
  return undefined;
}

function hasItsMode({ name, distribution, rows }: Subject): unknown {
  const { mode } = distribution;
  if (mode === undefined) return UNTESTED;
  const highest = distribution.logDensity(mode);
  for (const row of valuesOf(rows, distribution.presence)) {
    const score = distribution.logDensity(row);
    if (score <= highest + 1e-9 * (1 + Math.abs(highest))) continue;
    fail(`${name}: the mode ${show(mode)} scores ${highest}, row ${show(row)} scores ${score}`);
  }
  return undefined;
}

function entropiesMatch({ name, distribution }: Subject): void {
  const rows = distribution.sampler('queries').sample(SAMPLE_ROWS);
  expectMean(
    rows.map((row) => -distribution.logDensity(row)),
    distribution.entropy!,
    `${name}: entropy`,
  );
}

/** Sampled numbers, ascending. */
function sortedSample(distribution: AnyDistribution): readonly number[] {
  return [...(presentSample(distribution) as readonly number[])].sort((a, b) => a - b);
}

function cdfMatches({ support }: FamilyLaws, { name, distribution }: Subject): void {
  const cdf = (x: number) => distribution.cdf!(x);
  const ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN].map(cdf);
  if (!(ends[0] === 0 && ends[1] === 1 && Number.isNaN(ends[2]))) {
    fail(`${name}: cdf of -Infinity, Infinity and NaN is ${ends.join(', ')}, expected 0, 1, NaN`);
  }
  const sample = sortedSample(distribution);
  // Dvoretzky-Kiefer-Wolfowitz: the largest distance of a sample's distribution function, exceeded once in a million.
  const largest = Math.sqrt(Math.log(2e6) / (2 * sample.length));
  sample.forEach((x, i) => {
    if (sample[i + 1] === x) return; // a tie: the last of them counts all
    const share = (i + 1) / sample.length;
    const expected = cdf(x);
    if (!(Math.abs(share - expected) <= largest)) {
      fail(`${name}: cdf(${x}) is ${expected}, but ${share} of ${sample.length} samples are not above it`);
    }
  });
  const [low, middle, high] = [0.1, 0.5, 0.9].map((p) => sample[Math.floor(p * sample.length)]!) as [
    number,
    number,
    number,
  ];
  let mass: number | undefined;
  if (support !== undefined && 'integers' in support) {
    mass = 0;
    for (let x = low + 1; x <= high; x++) mass += distribution.density(x);
  } else if (support !== undefined && 'interval' in support) {
    mass = integrate((x) => distribution.density(x), [low, high], [middle]);
  }
  if (mass !== undefined) expectClose(cdf(high) - cdf(low), mass, MASS_TOLERANCE, `${name}: P(${low} < X <= ${high})`);
}

function survivalIsRest({ name, distribution }: Subject): void {
  for (const x of sortedSample(distribution)) {
    const rest = distribution.survival!(x);
    if (!(rest >= 0 && rest <= 1)) fail(`${name}: survival(${x}) is ${rest}`);
    expectClose(rest, 1 - distribution.cdf!(x), 1e-12, `${name}: survival(${x}), against 1 - cdf`);
  }
  if (!Number.isNaN(distribution.survival!(Number.NaN))) fail(`${name}: survival(NaN) is not NaN`);
}

function invertsCdf({ name, distribution, rows }: Subject): void {
  const isDiscrete = valuesOf(rows, distribution.presence).every(Number.isInteger);
  for (const p of [1e-9, 0.01, 0.25, 0.5, 0.75, 0.99, 1 - 1e-9]) {
    const x = distribution.quantile!(p);
    const reached = distribution.cdf!(x);
    // The slope of the distribution function may be large: one step of x is then many of p.
    const step = Math.abs(distribution.cdf!(x + 4 * Number.EPSILON * (Math.abs(x) + Number.MIN_VALUE)) - reached);
    const slack = 1e-10 * Math.max(p, 1e-3) + 4 * step;
    if (reached < p - slack) fail(`${name}: quantile(${p}) is ${x}, but cdf there is ${reached}`);
    if (isDiscrete ? distribution.cdf!(x - 1) >= p + slack : reached > p + slack) {
      fail(`${name}: quantile(${p}) is ${x}, which is too large: cdf there is ${reached}`);
    }
  }
  for (const bad of [-0.1, 1.1, Number.NaN]) {
    let error: unknown;
    try {
      distribution.quantile!(bad);
    } catch (thrown) {
      error = thrown;
    }
    if ((error as { code?: unknown } | undefined)?.code !== 'PARAMETER') {
      fail(`${name}: quantile(${bad}) must throw a ParameterError, but ${error === undefined ? 'did not' : error}`);
    }
  }
}
