/** The options of the estimator of an integer Markov chain, checked. */
import { isPriorOf } from '../../bayes/conjugate.js';
import type { DirichletTableDistribution } from '../../bayes/dirichletTable.js';
import { checkEstimatorOptions } from '../../checks/options.js';
import { checkCells, checkEstimator, checkProbabilityRows, checkPseudoCount } from '../../checks/parameters.js';
import { acceptedBy } from '../../columns/columns.js';
import { lengthEstimator } from '../../combinators/lengthModel.js';
import { NullEstimator } from '../../combinators/null.js';
import type { AnyEstimator, Encoder } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { checkAlone, checkCoversIntegers } from './chainBayes.js';

/** Options of the estimator of an integer Markov chain. */
export interface IntegerMarkovChainOptions<
  I extends AnyEstimator = NullEstimator,
  L extends AnyEstimator = NullEstimator,
> {
  /** Number of values V: rows hold integers in 0 … V - 1. */
  readonly valueCount: number;
  /** Number of values a step looks back, >= 1. Default 1. */
  readonly lag?: number;
  /** Estimator of the first `lag` values, as a list. Default: none. */
  readonly initial?: I;
  /** Estimator of the number of values. Default: none. */
  readonly length?: L;
  /** Imaginary steps in every cell: V times as many from each context. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * How those of a context are spread over the V values: V^lag rows that sum to 1. Default: evenly. Or, instead of imaginary
   * steps, a distribution over the table: rows by context, columns by value, both as integers.
   */
  readonly prior?: readonly (readonly number[])[] | DirichletTableDistribution<number>;
  /** Chains with equal keys get equal parameters. */
  readonly key?: string;
}

/** At most as many values are tried. */
const MAX_TRIED = 100;

/** @throws {ParameterError} unless `initial` takes lists of `lag` of the chain's values, and not of all numbers */
export function checkTakesValues(
  owner: string,
  what: string,
  initial: { encoder(): Encoder<unknown> },
  lag: number,
  valueCount: number,
): void {
  const accepts = acceptedBy(initial.encoder());
  const values = Array.from({ length: Math.min(valueCount, MAX_TRIED) }, (_, value) => value);
  const repeated = (value: unknown): readonly unknown[] => new Array(lag).fill(value);
  // A family of levels, or none at all, takes other values beside numbers.
  const isDensity = accepts(repeated(0.5)) && !accepts(repeated('a value'));
  if (!isDensity && values.some((value) => accepts(repeated(value)))) return;
  throw new ParameterError(owner, 'initial', `${what} over lists of ${lag} integers`, initial);
}

/** Options that nothing is left out of. */
interface CheckedOptions {
  readonly lag: number;
  /** How imaginary steps are spread. */
  readonly shares: readonly (readonly number[])[] | undefined;
  readonly initial: AnyEstimator;
  readonly length: AnyEstimator;
}

/** @throws {ParameterError} */
export function checkedOptions(
  owner: string,
  options: IntegerMarkovChainOptions<AnyEstimator, AnyEstimator>,
): CheckedOptions {
  checkEstimatorOptions(owner, options, {
    valueCount: true,
    lag: true,
    initial: true,
    length: true,
    pseudoCount: true,
    prior: true,
    key: true,
  });
  const { valueCount, lag = 1, initial = new NullEstimator(), pseudoCount, prior } = options;
  if (!(Number.isInteger(valueCount) && valueCount >= 1)) {
    throw new ParameterError(owner, 'valueCount', 'an integer >= 1', valueCount);
  }
  if (!(Number.isInteger(lag) && lag >= 1)) throw new ParameterError(owner, 'lag', 'an integer >= 1', lag);
  const instead = '; MarkovChainEstimator has tables of the values that occur, for a lag of 1';
  checkCells(owner, 'valueCount^(lag + 1)', valueCount ** (lag + 1), instead);
  checkPseudoCount(owner, 'pseudoCount', pseudoCount);
  let shares: CheckedOptions['shares'];
  if (isPriorOf<DirichletTableDistribution<number>>(prior, 'DirichletTable')) {
    checkAlone(owner, options, ['pseudoCount']);
    checkCoversIntegers(owner, prior, valueCount, lag);
  } else {
    if (prior !== undefined) checkProbabilityRows(owner, 'prior', prior, valueCount ** lag, valueCount);
    shares = prior;
  }
  checkEstimator(owner, 'initial', initial);
  checkTakesValues(owner, 'an estimator', initial, lag, valueCount);
  return { lag, shares, initial, length: lengthEstimator(owner, options.length) };
}
