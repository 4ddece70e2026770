/**
 * The search for the number of components, divided into the steps that a driver needs. `chooseComponents` drives it in one process; a
 * driver for many ranks takes the same object.
 */
import type { AnyDistribution, AnyEstimator, Columns, Estimator } from '../contract.js';
import { formatValue, OptionError, ParameterError } from '../errors.js';
import type { Iterate } from '../fit/converge.js';
import { type ExpectationMaximization, em } from '../fit/em.js';
import { isLosing } from '../fit/losing.js';
import type { TrialCounts } from '../fit/trials.js';
import { EVIDENCE_LENGTH, evidenceSums, namedEvidence } from './evidence.js';
import {
  type CountedUnit,
  checkUnit,
  criteriaOf,
  type InformationCriteria,
  parameterCount,
} from './informationCriteria.js';

/** The criterion by which numbers of components are compared. The smallest value is the best. */
export type Criterion = 'aic' | 'bic' | 'caic' | 'sabic' | 'icl';

const CRITERIA: readonly Criterion[] = ['aic', 'bic', 'caic', 'sabic', 'icl'];

/** The algorithm of a fit that may be stopped when it cannot be the best. */
export interface SearchAlgorithm<T, D, C extends Columns> extends ExpectationMaximization<T, D, C> {
  readonly stopping: ExpectationMaximization<T, D, C>['stopping'] & {
    /** Whether a fit can be stopped, because another has reached an objective above its limit. */
    readonly isLosing: (path: readonly Iterate[], reached: number) => boolean;
  };
}

/** Which numbers of components are tried, and what they are compared by. */
export interface ComponentSearchOptions {
  /** The smallest number of components, an integer >= 1. Default 1. */
  readonly from?: number;
  /** The largest number of components, an integer >= `from`. */
  readonly to: number;
  /** Default `'bic'`. */
  readonly criterion?: Criterion;
  /** Starts for each number of components, an integer >= 1. Default 10. */
  readonly trials?: number;
  /** The search ends after this many consecutive numbers of components without an improvement, an integer >= 1. Default 3. */
  readonly patience?: number;
  /** What n counts where rows hold sequences: see `informationCriteria`. Default `'items'`. */
  readonly unit?: CountedUnit;
}

/** The names of these options. */
export const SEARCH_OPTIONS = [
  'from',
  'to',
  'criterion',
  'trials',
  'patience',
  'unit',
] as const satisfies readonly (keyof ComponentSearchOptions)[];

/** One number of components: its best fit, and how its trials ended. Where all have failed its criteria are NaN. */
export interface ComponentRow extends InformationCriteria, TrialCounts {
  readonly componentCount: number;
}

/** Why a search has ended: at `to`, after `patience` numbers of components that were no better, or by the signal. */
export type SearchEnd = 'to' | 'patience' | 'aborted';

/** One iterate of a search: of which trial of how many components. */
export interface SearchIterate extends Iterate {
  readonly componentCount: number;
  /** The trial, from 0. */
  readonly trial: number;
  /** Share of all trials up to `to` that have ended, 0 … 1. A search may end before 1 is reached. */
  readonly progress: number;
}

/** See {@link componentSearch}. */
export interface ComponentSearch<T, D, C extends Columns> {
  /** @throws {ParameterError} for options out of range */
  check(owner: string, options: ComponentSearchOptions): void;
  /** The EM algorithm of so many components; the same object each time. */
  algorithm(componentCount: number): SearchAlgorithm<T, D, C>;
  /** The number of sums of {@link sums}. */
  readonly sumsLength: number;
  /** Sums over rows `[start, end)` under a model of so many components; those of several runs of rows are added. */
  sums(componentCount: number, model: D, columns: C, start: number, end: number, weights?: Float64Array): Float64Array;
  /**
   * The row of the table.
   * @param model  the best one, and `sums` over all rows under it; both absent when all trials failed
   * @throws {OptionError} for the criterion `'icl'` when the model is not a mixture
   */
  row(
    componentCount: number,
    model: D | undefined,
    sums: Float64Array | undefined,
    counts: TrialCounts,
    options: ComponentSearchOptions,
  ): ComponentRow;
  /**
   * What follows from the table so far.
   * @returns `best`: the place of the row to choose, -1 when there is none; `ended`: why the search ends here, if it does
   */
  decide(
    table: readonly ComponentRow[],
    options: ComponentSearchOptions,
  ): { readonly best: number; readonly ended: SearchEnd | undefined };
}

/** @throws {OptionError} unless it is a function */
export function checkEstimatorOf(owner: string, estimatorOf: unknown): void {
  if (typeof estimatorOf === 'function') return;
  const found = typeof estimatorOf === 'object' && estimatorOf !== null ? 'an object' : formatValue(estimatorOf);
  throw new OptionError(`${owner}: estimatorOf must be a function of the number of components, found ${found}.`);
}

/**
 * The search for the number of components of a model. `chooseComponentsMpi` of `@dml/mpi-estimation` takes it.
 * @param estimatorOf  the estimator of a model with k components
 * @throws {OptionError} unless it is a function; from `algorithm`, when it gives the same estimator for two numbers of components
 * @example
 * const search = componentSearch((k) => new MixtureEstimator(Array.from({ length: k }, () => new GaussianEstimator())));
 */
export function componentSearch<T, D extends AnyDistribution, C extends Columns, S>(
  estimatorOf: (componentCount: number) => Estimator<T, D, C, S>,
): ComponentSearch<T, D, C> {
  checkEstimatorOf('componentSearch', estimatorOf);
  const known = new Map<
    number,
    { readonly estimator: Estimator<T, D, C, S>; readonly algorithm: SearchAlgorithm<T, D, C> }
  >();
  const partsOf = (componentCount: number) => {
    const found = known.get(componentCount);
    if (found !== undefined) return found;
    const estimator = estimatorOf(componentCount);
    for (const [other, { estimator: before }] of known) {
      if (!areSame(before, estimator)) continue;
      throw new OptionError(`estimatorOf gives the same estimator for ${other} and ${componentCount} components.`);
    }
    const algorithm = em(estimator);
    const made = { estimator, algorithm: { ...algorithm, stopping: { ...algorithm.stopping, isLosing } } };
    known.set(componentCount, made);
    return made;
  };
  return {
    check: checkSearch,
    algorithm: (componentCount) => partsOf(componentCount).algorithm,
    sumsLength: EVIDENCE_LENGTH,
    sums: (componentCount, model, columns, start, end, weights) =>
      evidenceSums(partsOf(componentCount).estimator.encoder(), model, columns, start, end, weights),
    row(componentCount, model, sums, counts, { criterion = 'bic', unit }) {
      if (model === undefined || sums === undefined) return { componentCount, ...unknownCriteria(), ...counts };
      const count = parameterCount(partsOf(componentCount).estimator, model);
      const criteria = criteriaOf(namedEvidence(sums), count, model, unit);
      if (criteria[criterion] === undefined) {
        throw new OptionError(
          `chooseComponents: criterion "${criterion}" is known of mixtures only, found ${model.toJSON().type}. Use "bic".`,
        );
      }
      return { componentCount, ...criteria, ...counts };
    },
    decide: decideSearch,
  };
}

/** Of components that no trial could fit. */
const unknownCriteria = (): InformationCriteria => ({
  logLikelihood: Number.NaN,
  parameterCount: Number.NaN,
  weight: Number.NaN,
  n: Number.NaN,
  aic: Number.NaN,
  bic: Number.NaN,
  caic: Number.NaN,
  sabic: Number.NaN,
});

function checkSearch(owner: string, options: ComponentSearchOptions): void {
  const { from = 1, to, criterion = 'bic', trials = 10, patience = 3, unit } = options;
  const checkCount = (name: string, value: unknown, least: number, what = String(least)) => {
    if (Number.isInteger(value) && (value as number) >= least) return;
    throw new ParameterError(owner, name, `an integer >= ${what}`, value);
  };
  checkCount('from', from, 1);
  checkCount('to', to, from, options.from === undefined ? '1' : `from, ${from}`);
  checkCount('trials', trials, 1);
  checkCount('patience', patience, 1);
  checkUnit(owner, unit);
  if (CRITERIA.includes(criterion)) return;
  throw new ParameterError(owner, 'criterion', CRITERIA.map((name) => `"${name}"`).join(' or '), criterion);
}

/** A trial that neither failed nor was passed over. One that was given up has lost against such a trial. */
function isSoundRow({ trials, degenerate, failed }: ComponentRow): boolean {
  return trials > degenerate + failed;
}

function decideSearch(
  table: readonly ComponentRow[],
  { criterion = 'bic', to, patience = 3 }: ComponentSearchOptions,
): { readonly best: number; readonly ended: SearchEnd | undefined } {
  let best = -1;
  for (const [at, row] of table.entries()) {
    const value = row[criterion] ?? Number.NaN;
    const before = table[best];
    if (Number.isNaN(value)) continue;
    // A likelihood without bound says nothing about the number of components.
    if (before !== undefined && isSoundRow(before) !== isSoundRow(row)) {
      if (isSoundRow(row)) best = at;
    } else if (before === undefined || value < before[criterion]!) best = at;
  }
  const last = table[table.length - 1]!;
  if (last.componentCount >= to) return { best, ended: 'to' };
  return { best, ended: best >= 0 && table.length - 1 - best >= patience ? 'patience' : undefined };
}

/** Whether the number of components changed nothing: the same object, or as many children with the same options. */
function areSame(one: AnyEstimator, other: AnyEstimator): boolean {
  if (one === other) return true;
  const [counts, others] = [childCounts(one), childCounts(other)];
  return counts !== '' && counts === others && optionsText(one) === optionsText(other);
}

/** How many children of each kind an estimator shows; empty when it shows none, and so tells nothing. */
function childCounts(estimator: AnyEstimator): string {
  return Object.entries(estimator)
    .filter(([name]) => ['components', 'emissions', 'topics', 'components1', 'components2'].includes(name))
    .map(([name, list]) => `${name}: ${(list as readonly unknown[]).length}`)
    .join();
}

function optionsText(estimator: AnyEstimator): string {
  const { options } = estimator as { readonly options?: unknown };
  return JSON.stringify(options, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ?? '';
}
