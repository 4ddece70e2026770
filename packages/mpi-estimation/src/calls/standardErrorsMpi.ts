import { FitError, formatValue, isEstimationError, OptionError } from '../errors.js';
import type { FitJob } from '../fit/job.js';
import { runFit } from '../fit/runFit.js';
import type { Algorithm, Columns, Resampling, StandardErrors } from '../ports.js';
import { agree, checkComm } from '../ranks/agree.js';
import { attempt, settle } from '../ranks/exchange.js';
import type { Shard } from '../rows/encodedRows.js';
import type { Rows } from '../rows/readRows.js';
import { firstState, type MpiFit, resultOf, withTimings } from './optimizeMpi.js';
import { FIT_OPTIONS, type OptimizeMpiOptions } from './options.js';
import { type Call, withFit } from './withFit.js';

/** Options of {@link standardErrorsMpi}. */
export type StandardErrorsMpiOptions<T, D, C> = Omit<
  OptimizeMpiOptions<T, D, C>,
  'checkpoint' | 'validation' | 'responsibilities'
>;

/** Standard errors, and the fit to the rows as they are. All but its model is on every rank. */
export interface MpiFitWithStandardErrors<D> extends MpiFit<D>, StandardErrors {}

const CALL: Call = { name: 'standardErrorsMpi', options: [...FIT_OPTIONS, 'initialModel'] };

/**
 * Collective: standard errors and intervals of all parameters, by bootstrap or jackknife. Rows stay where they are, and are
 * weighed anew for each replicate, which starts at the fit to all rows.
 * @param plan  `resampling(options)`, equal on all ranks
 * @param options  `initialModel`: the fit at hand, which is brought to its end first; needs `codec`
 * @returns  the bits of `standardErrors` of `@dml/stats`, for any number of ranks
 * @throws {OptionError} for plans that differ between ranks, and for fewer rows than the plan needs; else as `optimizeMpi`
 * @throws {FitError} when a rank aborts it
 * @example
 * export const spread = (rows: number[] | null, algorithm: Algorithm<number, object, Columns>, plan: Resampling, comm: Communicator) =>
 *   standardErrorsMpi(rows, algorithm, plan, { comm, seed: 1 });
 * @see Chamandy, Muralidharan, Najmi & Naidu (2012), Estimating uncertainty for massive data streams
 */
export async function standardErrorsMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  plan: Resampling,
  options: StandardErrorsMpiOptions<T, D, C>,
): Promise<MpiFitWithStandardErrors<D>> {
  checkComm(CALL.name, 'the option comm', options?.comm);
  const checked = () => {
    if (typeof plan?.weightOf === 'function') return { options: plan.options, estimator: algorithm?.estimator };
    throw new OptionError(`${CALL.name}: the third argument must be resampling(options), found ${formatValue(plan)}.`);
  };
  agree(options.comm, CALL.name, attempt(checked));
  return withFit(CALL, rows, algorithm, options, async (shared, end) => {
    const { comm, shard } = shared;
    const least = plan.options.method === 'jackknife' ? plan.replicates : 2;
    if (shard.rowCount < least) {
      throw new OptionError(`${CALL.name}: ${shard.rowCount} rows are too few, the plan needs at least ${least}.`);
    }
    const fit = await runFit(shared, await firstState(CALL.name, shared, options));
    end(fit, 'all rows');
    const fits: (D | undefined)[] = [];
    for (let replicate = 0; replicate < plan.replicates; replicate++) {
      const name = `replicate ${replicate + 1} of ${plan.replicates}`;
      const job: FitJob<T, D, C> = { ...shared, weightOf: plan.weightOf(replicate) };
      try {
        const next = await runFit(job, { model: fit.model, findings: [], path: [], best: undefined });
        if (next.reason === 'aborted') throw new FitError(`${CALL.name}: aborted in ${name}.`);
        end(next, name);
        fits.push(next.model);
      } catch (error) {
        if (!isEstimationError(error)) throw error;
        fits.push(undefined);
      }
    }
    const errors = settle(
      comm,
      attempt(() => plan.summary(fit.model, fits)),
    );
    return withTimings(shared, { ...resultOf(comm, fit, options.modelOn), ...errors });
  });
}
