import { formatValue, OptionError } from '../errors.js';
import type { FitJob } from '../fit/job.js';
import { objectiveOf } from '../fit/path.js';
import { componentsText, type Progress, type Reporter } from '../fit/progress.js';
import { runFit } from '../fit/runFit.js';
import { sumOverShard } from '../fit/score.js';
import { drawStart } from '../fit/start.js';
import { Trials } from '../fit/trials.js';
import type {
  Algorithm,
  Columns,
  Communicator,
  ComponentRow,
  ComponentSearch,
  ComponentSearchOptions,
  Criterion,
  Iterate,
  SearchEnd,
  SearchIterate,
} from '../ports.js';
import { agree, checkComm } from '../ranks/agree.js';
import { attempt } from '../ranks/exchange.js';
import type { Shard } from '../rows/encodedRows.js';
import type { Rows } from '../rows/readRows.js';
import { type MpiFit, type MpiFitResult, resultOf, withTimings } from './optimizeMpi.js';
import { FIT_OPTIONS, type OptimizeMpiOptions } from './options.js';
import { type Call, withFit } from './withFit.js';

/** Options of {@link chooseComponentsMpi}. */
export interface ChooseComponentsMpiOptions<T, D, C>
  extends ComponentSearchOptions,
    Omit<OptimizeMpiOptions<T, D, C>, 'initialModel' | 'checkpoint' | 'responsibilities' | 'validation' | 'progress'> {
  /** How the root reports each iterate of each trial. Default `'lines'`. A rank may differ. */
  readonly progress?: Exclude<Progress, (iterate: Iterate) => unknown> | ((iterate: SearchIterate) => unknown);
}

/** The best fit of the best number of components, and the comparison that it has won. All but the models is on every rank. */
export interface ChosenComponentsMpi<D> extends MpiFit<D> {
  readonly componentCount: number;
  readonly criterion: Criterion;
  /** A row for each number of components tried, in order. */
  readonly table: readonly ComponentRow[];
  /** The best fit of each row of the table; `undefined` where all trials failed. */
  readonly fits: readonly (MpiFitResult<D> | undefined)[];
  /** Why no more components were tried. */
  readonly ended: SearchEnd;
}

const CALL: Call = {
  name: 'chooseComponentsMpi',
  options: [...FIT_OPTIONS, 'criterion', 'from', 'patience', 'to', 'trials', 'unit'],
};

/**
 * Collective: chooses the number of components by an information criterion, as `chooseComponents` of `@dml/stats` does and
 * with the same bits. Rows are encoded and moved once.
 * @param search  `componentSearch((k) => the estimator of k components)`
 * @throws {OptionError} for estimators that encode rows differently; else as `bestOfMpi`
 * @example
 * export const choose = (rows: number[] | null, search: ComponentSearch<number, object, Columns>, comm: Communicator) =>
 *   chooseComponentsMpi(rows, search, { comm, to: 8, seed: 1, progress: 'bar' });
 */
export async function chooseComponentsMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  search: ComponentSearch<T, D, C>,
  options: ChooseComponentsMpiOptions<T, D, C>,
): Promise<ChosenComponentsMpi<D>> {
  if (typeof search?.algorithm !== 'function') {
    throw new OptionError(
      `chooseComponentsMpi: the second argument must be componentSearch(estimatorOf), found ${formatValue(search)}.`,
    );
  }
  checkComm(CALL.name, 'the option comm', options?.comm);
  const { comm, from = 1, criterion = 'bic', modelOn } = options;
  const given = { ...options, trials: options.trials ?? 10 };
  const { progress, ...others } = given;
  // It gets what `runTrials` reports.
  const fitOptions = { ...others, ...(progress === undefined ? {} : { progress: progress as Progress }) };
  // A bad `from` is refused with the other options.
  const first = agreedAlgorithm(comm, search, Number.isInteger(from) && from >= 1 ? from : 1);
  return withFit(CALL, rows, first, fitOptions, async (shared, end) => {
    search.check(CALL.name, given); // ranks have the same options by now
    const { shard } = shared;
    const table: ComponentRow[] = [];
    const fits: (MpiFitResult<D> | undefined)[] = [];
    for (let componentCount = from; ; componentCount++) {
      const job = jobOf(shared, search, componentCount, from);
      const { trials, isAborted } = await runTrials(job, given, componentCount, end);
      const { best } = trials;
      const model = best?.model;
      const sums =
        model === undefined
          ? undefined
          : await sumOverShard(comm, shard, search.sumsLength, ({ columns, start, end, weights }) =>
              search.sums(componentCount, model, columns, start, end, weights),
            );
      table.push(search.row(componentCount, model, sums, trials.counts(), given));
      fits.push(best && resultOf(comm, best, modelOn));
      const decision = search.decide(table, given);
      const ended = decision.ended ?? (isAborted ? 'aborted' : undefined);
      if (ended === undefined) continue;
      const fit = fits[decision.best];
      if (fit === undefined) throw trials.error(CALL.name);
      const chosen = { ...fit, componentCount: from + decision.best, criterion, table, fits, ended };
      return withTimings(shared, chosen);
    }
  });
}

/** Collective: the algorithm of so many components, which must be the same on every rank. @throws {OptionError} where it differs */
function agreedAlgorithm<T, D, C extends Columns>(
  comm: Communicator,
  search: ComponentSearch<T, D, C>,
  componentCount: number,
): Algorithm<T, D, C> {
  const compared = () => ({ options: {}, estimator: search.algorithm(componentCount).estimator });
  agree(comm, CALL.name, attempt(compared));
  return search.algorithm(componentCount);
}

/** Collective: a job for so many components. */
function jobOf<T, D, C extends Columns>(
  shared: FitJob<T, D, C>,
  search: ComponentSearch<T, D, C>,
  componentCount: number,
  from: number,
): FitJob<T, D, C> {
  const algorithm = agreedAlgorithm(shared.comm, search, componentCount);
  if (algorithm.sharesColumns?.(shared.algorithm) !== false) return { ...shared, algorithm };
  throw new OptionError(
    `${CALL.name}: the estimator of ${componentsText(componentCount)} encodes rows differently from that of ${from}, ` +
      'and rows are encoded once. Compare them by calls of bestOfMpi.',
  );
}

/** Collective: the trials of one number of components. */
async function runTrials<T, D, C extends Columns>(
  shared: FitJob<T, D, C>,
  { from = 1, to, trials: trialCount = 10, seed = 0, start = 'kmeans++' }: ChooseComponentsMpiOptions<T, D, C>,
  componentCount: number,
  end: Reporter['end'],
): Promise<{ readonly trials: Trials<D>; readonly isAborted: boolean }> {
  const { algorithm, stopwatch } = shared;
  const trials = new Trials<D>();
  for (let trial = 0; trial < trialCount; trial++) {
    const progress = ((componentCount - from) * trialCount + trial) / ((to - from + 1) * trialCount);
    let isDropped = false;
    const job: FitJob<T, D, C> = {
      ...shared,
      seed: algorithm.trialSeed(seed, trial),
      onIterate(iterate) {
        const ofTrial: SearchIterate = { ...iterate, componentCount, trial, progress };
        return shared.onIterate?.(ofTrial);
      },
      isGivenUp: (path) => {
        isDropped = algorithm.stopping.isLosing?.(path, trials.needed) === true;
        return isDropped;
      },
    };
    try {
      const fit = await runFit(job, await stopwatch.time('start', () => drawStart(job, start)));
      const label = `${componentsText(componentCount)}, trial ${trial + 1} of ${trialCount}`;
      end(isDropped ? { ...fit, reason: 'dropped' } : fit, label);
      if (isDropped) trials.drop();
      else trials.add(fit, objectiveOf(fit));
      if (fit.reason === 'aborted' && !isDropped) return { trials, isAborted: true };
    } catch (error) {
      trials.fail(error);
    }
  }
  return { trials, isAborted: false };
}
