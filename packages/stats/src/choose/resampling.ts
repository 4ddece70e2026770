/**
 * The bootstrap and the jackknife by weights: rows are encoded once, and each replicate weighs them anew. The weight of a row
 * comes from its number and a seed, so that any number of ranks finds the same weights without a message.
 */

import { checkOptions } from '../checks/options.js';
import type { Seed } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { StudentTDistribution } from '../families/studentT.js';
import { dealFolds } from '../fit/folds.js';
import { exp } from '../numeric/elementary.js';
import { checkSeed, childSeed, rowHash, seedNumber } from '../numeric/random.js';
import { matchComponents, numbersByPath, numberTree } from './parameterPaths.js';

/** Options of {@link resampling}. */
export interface ResamplingOptions {
  /**
   * `'bootstrap'`: each row is taken a number of times that is Poisson with mean 1. `'jackknife'`: the rows are divided into
   * groups, and each replicate leaves one out. Default `'bootstrap'`.
   */
  readonly method?: 'bootstrap' | 'jackknife';
  /** Number of fits, an integer >= 2. Default: 200 of the bootstrap; 20 of the jackknife, one for each group. */
  readonly replicates?: number;
  /** Probability with which an interval should contain the parameter, in (0, 1). Default 0.95. */
  readonly level?: number;
  /** Default 0. */
  readonly seed?: Seed;
}

/** The uncertainty of one parameter. */
export interface ParameterUncertainty {
  /** As in `components[0].mu`. */
  readonly path: string;
  readonly estimate: number;
  readonly standardError: number;
  /** Ends of the interval, which holds the estimate. Bootstrap: percentiles of the replicates. Jackknife: estimate ± t · standard error. */
  readonly low: number;
  readonly high: number;
}

/** Standard errors and intervals of all parameters of a fit. */
export interface StandardErrors {
  /** The parameters that differ between replicates, in the order of the model's plain form. `console.table` shows them. */
  readonly parameters: readonly ParameterUncertainty[];
  /** Replicates that were fitted. */
  readonly replicates: number;
  /** Replicates of which no model could be estimated. They are left out. */
  readonly failed: number;
  /**
   * Replicates in which a component is nearer to another one of the model than to the one it was matched with. Where these are
   * many, the rows do not distinguish the components, and the standard errors of their parameters mean little.
   */
  readonly ambiguous: number;
}

/** How rows are reweighted, and the summary of the fits. */
export interface Resampling {
  /** The options, with their defaults: what ranks compare. */
  readonly options: Readonly<Record<string, string | number>>;
  /** Number of fits. */
  readonly replicates: number;
  /** The weight of a row in a replicate, from its number among all rows and its own weight. */
  weightOf(replicate: number): (row: number, weight: number) => number;
  /**
   * @param model  the fit to the rows with their own weights
   * @param fits  the model of each replicate; `undefined` for one that failed
   * @throws {EstimationError} when fewer than two replicates, or not all of the jackknife, have a model
   */
  summary(model: unknown, fits: readonly unknown[]): StandardErrors;
}

/** The names of the options of {@link resampling}. */
const RESAMPLING_OPTIONS = [
  'method',
  'replicates',
  'level',
  'seed',
] as const satisfies readonly (keyof ResamplingOptions)[];

/**
 * A plan of replicates for `standardErrors`, and for `standardErrorsMpi` of `@dml/mpi-estimation`.
 * @throws {OptionError} for an unknown option
 * @throws {ParameterError} for an option out of range
 * @example
 * resampling({ method: 'jackknife', replicates: 10 }).weightOf(0)(3, 1); // 0 or 1
 * @see Efron & Tibshirani, An Introduction to the Bootstrap (1993), ch. 11, 13; Chamandy, Muralidharan, Najmi & Naidu (2012),
 *   Estimating uncertainty for massive data streams, for the Poisson weights; Shao & Tu, The Jackknife and Bootstrap (1995), 2.3
 */
export function resampling(options: ResamplingOptions = {}): Resampling {
  const owner = 'resampling';
  checkOptions(owner, options, RESAMPLING_OPTIONS);
  const { method = 'bootstrap', seed = 0, level = 0.95 } = options;
  const { replicates = method === 'jackknife' ? 20 : 200 } = options;
  if (method !== 'bootstrap' && method !== 'jackknife') {
    throw new ParameterError(owner, 'method', '"bootstrap" or "jackknife"', method);
  }
  if (!(Number.isSafeInteger(replicates) && replicates >= 2)) {
    throw new ParameterError(owner, 'replicates', 'an integer >= 2', replicates);
  }
  if (!(typeof level === 'number' && level > 0 && level < 1)) {
    throw new ParameterError(owner, 'level', 'a number between 0 and 1', level);
  }
  checkSeed(owner, seed);
  const isJackknife = method === 'jackknife';
  return {
    options: { method, replicates, level, seed },
    replicates,
    weightOf(replicate) {
      if (!isJackknife) {
        const number = seedNumber(childSeed(seed, replicate));
        return (row, weight) => weight * poissonOne(rowHash(number, row) / 2 ** 32);
      }
      const number = seedNumber(childSeed(seed, 'groups'));
      const groupOf = dealFolds((row) => rowHash(number, row), replicates);
      return (row, weight) => (groupOf(row) === replicate ? 0 : weight);
    },
    summary(model, fits) {
      const reference = numberTree(model);
      const estimates = numbersByPath(reference);
      const trees = fits.filter((fit) => fit !== undefined).map(numberTree);
      const matched = matchComponents(trees, reference);
      const ambiguous = matched.filter(({ isAmbiguous }) => isAmbiguous).length;
      const replicated = matched.map(({ tree }) => numbersByPath(tree));
      const failed = fits.length - replicated.length;
      if (replicated.length < 2 || (isJackknife && failed > 0)) {
        const needed = isJackknife ? `the jackknife needs all ${fits.length}` : 'at least 2 are needed';
        throw new EstimationError(`${replicated.length} of ${fits.length} replicates have a model: ${needed}.`);
      }
      const tail = (1 - level) / 2;
      const parameters = [...estimates].flatMap(([path, estimate]) => {
        const values = Float64Array.from(replicated, (numbers) => numbers.get(path) ?? Number.NaN).filter(
          Number.isFinite,
        );
        if (values.length < 2 || values.every((value) => value === values[0])) return [];
        return [
          { path, estimate, ...(isJackknife ? jackknife(estimate, values, tail) : bootstrap(estimate, values, tail)) },
        ];
      });
      return { parameters, replicates: replicated.length, failed, ambiguous };
    },
  };
}

/** The quantile function of the Poisson distribution with mean 1. */
function poissonOne(p: number): number {
  let count = 0;
  let probability = exp(-1);
  for (let below = probability; p >= below && probability > 0; below += probability) {
    count += 1;
    probability /= count;
  }
  return count;
}

type Spread = Pick<ParameterUncertainty, 'standardError' | 'low' | 'high'>;

/**
 * Percentiles at p (B + 1) of B sorted replicates, by which the next replicate falls outside with probability `tail` on either side
 * (Hyndman & Fan 1996, definition 6; Davison & Hinkley 1997, 5.3.1). The estimate is never outside: at the end of its range, as a
 * probability near 0, replicates may all lie on one side of it.
 */
function bootstrap(estimate: number, values: Float64Array, tail: number): Spread {
  const sorted = values.slice().sort();
  const last = sorted.length - 1;
  const percentile = (p: number) => {
    const at = Math.min(Math.max(p * (sorted.length + 1) - 1, 0), last);
    const lower = sorted[Math.floor(at)]!;
    return lower + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - lower);
  };
  const standardError = Math.sqrt(squaresAboutMean(values) / (values.length - 1));
  return {
    standardError,
    low: Math.min(percentile(tail), estimate),
    high: Math.max(percentile(1 - tail), estimate),
  };
}

function jackknife(estimate: number, values: Float64Array, tail: number): Spread {
  const standardError = Math.sqrt((squaresAboutMean(values) * (values.length - 1)) / values.length);
  const t = new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: values.length - 1 }).quantile(1 - tail);
  return { standardError, low: estimate - t * standardError, high: estimate + t * standardError };
}

function squaresAboutMean(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
