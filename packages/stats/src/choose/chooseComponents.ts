/** How many components: fits models of 1, 2, 3, … components, each from several starts, and compares them by a criterion. */

import type { AnyDistribution, Columns, Estimator, Rows } from '../contract.js';
import { type Iterate, objectiveOf } from '../fit/converge.js';
import { type CountedRows, encodeCounted } from '../fit/countedRows.js';
import { drive, fitColumns } from '../fit/iterate.js';
import { checkFitOptions, type OptimizeOptions, optionsOfFits } from '../fit/options.js';
import type { FitResult } from '../fit/result.js';
import { Trials } from '../fit/trials.js';
import { childSeed } from '../numeric/random.js';
import {
  type ComponentRow,
  type ComponentSearchOptions,
  type Criterion,
  checkEstimatorOf,
  componentSearch,
  SEARCH_OPTIONS,
  type SearchAlgorithm,
  type SearchEnd,
  type SearchIterate,
} from './componentSearch.js';
import { sumOverSegments } from './evidence.js';

/** Options of {@link chooseComponents}. */
export interface ChooseComponentsOptions<T, D>
  extends ComponentSearchOptions,
    Omit<OptimizeOptions<T, D>, 'initialModel' | 'responsibilities' | 'validation' | 'onIterate'> {
  /** Called after every iterate of every trial. */
  readonly onIterate?: (iterate: SearchIterate) => void;
}

/** The best fit of the best number of components, and the comparison with the others. */
export interface ChosenComponents<D> extends FitResult<D> {
  readonly componentCount: number;
  readonly criterion: Criterion;
  /** A row for each number of components tried, in order. `console.table` shows it. */
  readonly table: readonly ComponentRow[];
  /** The best fit of each row of the table; `undefined` where all trials failed. */
  readonly fits: readonly (FitResult<D> | undefined)[];
  /** Why no more components were tried. */
  readonly ended: SearchEnd;
}

const LEFT_OUT: readonly string[] = ['initialModel', 'responsibilities', 'validation'];
const OPTIONS = /* @__PURE__ */ optionsOfFits(SEARCH_OPTIONS, LEFT_OUT);

/**
 * Chooses the number of components (or states) by an information criterion. Rows are encoded once. For each number of components
 * the best of several starts is taken, as by `bestOf`: trial i has the seed `"<seed>/i"`. A trial is stopped as soon as its limit,
 * by Aitken's rule, is below the best trial with the same number of components. After an abort no further trial begins.
 * @param estimatorOf  the estimator of a model with k components. Where it encodes rows differently for some k, they are encoded again
 * @returns the best fit of the number of components with the smallest criterion. Numbers of components for which all trials are
 *   degenerate with an unbounded likelihood are not chosen, unless all are such
 * @throws {DataError} for a row that an estimator cannot hold
 * @throws {EstimationError} when a family in the model does not say how many parameters it has
 * @throws {FitError} when every trial failed
 * @throws {OptionError} for an unknown option, for the criterion `'icl'` when the model is not a mixture, and for an `estimatorOf`
 *   that gives the same object for two numbers of components
 * @throws {ParameterError} for an option out of range
 * @example
 * const mixtureOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => new GaussianEstimator()));
 * const choice = chooseComponents([1, 2, 3, 11, 12, 13], mixtureOf, { to: 4, seed: 1 });
 * console.table(choice.table);
 * choice.model.components.length === choice.componentCount; // true
 * @see Böhning, Dietz, Schaub, Schlattmann & Lindsay (1994) for the limit; McLachlan & Peel, Finite Mixture Models (2000), ch. 6
 */
export function chooseComponents<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimatorOf: (componentCount: number) => Estimator<T, D, C, S>,
  options: ChooseComponentsOptions<T, D>,
): ChosenComponents<D> {
  checkFitOptions('chooseComponents', options, OPTIONS);
  checkEstimatorOf('chooseComponents', estimatorOf);
  const search = componentSearch(estimatorOf);
  search.check('chooseComponents', options);
  const { from = 1, criterion = 'bic', signal, weights: given } = options;
  let encodedBy = search.algorithm(from);
  let counted = encodeCounted(encodedBy, rows, given);
  const table: ComponentRow[] = [];
  const fits: (FitResult<D> | undefined)[] = [];
  for (let componentCount = from; ; componentCount++) {
    const algorithm = search.algorithm(componentCount);
    if (!algorithm.sharesColumns(encodedBy)) {
      encodedBy = algorithm;
      counted = encodeCounted(algorithm, rows, given);
    }
    const { columns, weights } = counted;
    const trials = runTrials(algorithm, counted, componentCount, options);
    const { best } = trials;
    const model = best?.model;
    const sums =
      model === undefined
        ? undefined
        : sumOverSegments(algorithm.segments, columns.rowCount, (start, end) =>
            search.sums(componentCount, model, columns, start, end, weights),
          );
    table.push(search.row(componentCount, model, sums, trials.counts(), options));
    fits.push(best);
    const decision = search.decide(table, options);
    const ended = decision.ended ?? (signal?.aborted === true ? 'aborted' : undefined);
    if (ended === undefined) continue;
    const fit = fits[decision.best];
    if (fit === undefined) throw trials.error('chooseComponents');
    return { ...fit, componentCount: from + decision.best, criterion, table, fits, ended };
  }
}

/** The trials of one number of components. */
function runTrials<T, D extends AnyDistribution, C extends Columns>(
  algorithm: SearchAlgorithm<T, D, C>,
  counted: CountedRows<C>,
  componentCount: number,
  { from = 1, to, trials: trialCount = 10, onIterate, weights: _, ...options }: ChooseComponentsOptions<T, D>,
): Trials<D> {
  const trials = new Trials<D>();
  for (let trial = 0; trial < trialCount; trial++) {
    if (trials.best !== undefined && options.signal?.aborted === true) break;
    const progress = ((componentCount - from) * trialCount + trial) / ((to - from + 1) * trialCount);
    let isDropped = false;
    const isLosing = (path: readonly Iterate[]): boolean => {
      isDropped = algorithm.stopping.isLosing(path, trials.needed);
      return isDropped;
    };
    try {
      const fitOptions = { ...options, seed: childSeed(options.seed ?? 0, trial) };
      const fit = drive(
        fitColumns(algorithm, counted, undefined, fitOptions, isLosing),
        onIterate && ((iterate) => onIterate({ ...iterate, componentCount, trial, progress })),
      );
      if (isDropped) trials.drop();
      else trials.add(fit, objectiveOf(fit));
    } catch (error) {
      trials.fail(error);
    }
  }
  return trials;
}
