/** A fit on the ranks of a communicator: one rank, threads, or processes under MPI. */

import { bestOfMpi, type Communicator, chooseComponentsMpi } from '@dml/mpi-estimation';
import {
  type AnyDistribution,
  type ComponentRow,
  type Criterion,
  componentSearch,
  em,
  type FitResult,
  type SearchEnd,
  type SearchIterate,
} from '@dml/stats';
import type { Row } from '@dml-examples/tables';
import type { Estimators } from './estimators.js';

/** What a person chooses. Plain data. */
export interface FitSettings {
  /** The numbers of components to try; `undefined` for an estimator that has its own. */
  readonly range: readonly [from: number, to: number] | undefined;
  readonly seed: string | number;
  readonly trials: number;
  readonly criterion: Criterion;
  readonly maxIterations: number | undefined;
  /** EM steps alone. */
  readonly isPlain: boolean;
}

/** How a fit goes: an iterate, and where it stands among the fits. */
export type Progress = Pick<
  SearchIterate,
  'componentCount' | 'trial' | 'iteration' | 'logLikelihood' | 'change' | 'progress'
>;

/** A fit of one kind or the other: what the description of a fit takes. */
export interface Fitted extends FitResult<AnyDistribution> {
  readonly componentCount?: number;
  readonly criterion?: Criterion;
  readonly table?: readonly ComponentRow[];
  /** Why no more components were tried. */
  readonly ended?: SearchEnd;
  readonly agreeing?: number;
  readonly trialScores?: readonly number[];
}

/** What each rank brings. */
export interface RankRows {
  readonly comm: Communicator;
  /** Its rows; `null` for none. */
  readonly rows: readonly Row[] | null;
  /** Ends the fit with the best model so far. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Collective.
 * @returns the fit on rank 0, `null` on others
 * @throws as `chooseComponentsMpi`
 */
export async function fitRows(
  estimators: Estimators,
  { range, trials, criterion, isPlain, maxIterations, ...settings }: FitSettings,
  { comm, rows, signal, onProgress }: RankRows,
): Promise<Fitted | null> {
  const common = {
    ...({ comm, trials, signal, acceleration: isPlain ? 'none' : 'auto' } as const),
    seed: settings.seed,
    ...(maxIterations === undefined ? {} : { maxIterations }),
  };
  if (range === undefined) {
    const { timings, timingsOfRanks, model, ...fit } = await bestOfMpi(rows, em(estimators.of(1)), {
      ...common,
      progress: (iterate) => onProgress({ ...iterate, componentCount: 1, trial: 0, progress: 0 }),
    });
    return model === null ? null : { ...fit, model };
  }
  const [from, to] = range;
  const search = componentSearch((k) => estimators.of(k));
  const chosen = await chooseComponentsMpi(rows, search, { ...common, from, to, criterion, progress: onProgress });
  const { timings, timingsOfRanks, fits, model, ...fit } = chosen;
  return model === null ? null : { ...fit, model };
}
