/** The estimator, and the fit that each rank runs. The page and its workers load this module; nothing in it knows of either. */
import { optimizeMpi, shareColumnsMpi } from '@dml/mpi-estimation';
import type { RankContext } from '@dml/mpi-native/browser';
import { createCodec } from '@dml/serialize';
import { CategoricalEstimator, em, GaussianEstimator, MixtureEstimator, modelTypes, RecordEstimator } from '@dml/stats';

const visitor = new RecordEstimator({ minutes: new GaussianEstimator(), device: new CategoricalEstimator() });
export const estimator = new MixtureEstimator([visitor, visitor, visitor]);
export const algorithm = em(estimator);

/** Models are instances of classes: they travel as bytes. */
export const codec = createCodec({ types: modelTypes });

/** Encoded rows, in memory that all workers share where they can. */
export interface Task {
  readonly columns: ReturnType<typeof algorithm.encode>;
  readonly maxIterations?: number;
}

/** How far a fit is. */
export interface Iteration {
  readonly iteration: number;
  readonly logLikelihood: number;
}

/** What the page gets. */
export interface Fitted {
  readonly model: Uint8Array;
  readonly workers: number;
}

export default async function fit({ comm, data, report, stop }: RankContext<Task, Iteration>): Promise<Fitted | null> {
  const shard = await shareColumnsMpi(data.columns, algorithm, { comm });
  const { model } = await optimizeMpi(shard, algorithm, {
    comm,
    seed: 7,
    signal: stop, // asked to stop, the fit returns the best model so far
    progress: ({ iteration, logLikelihood }) => report({ iteration, logLikelihood }),
    // A fit without an end, for a user who has something to cancel.
    ...(data.maxIterations === undefined ? {} : { maxIterations: data.maxIterations, delta: null }),
  });
  return model === null ? null : { model: codec.encode(model), workers: comm.size };
}
