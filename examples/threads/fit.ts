/** The estimator, and the fit that each rank runs. The main program and all ranks load this module. */
import { optimizeMpi, shareColumnsMpi } from '@dml/mpi-estimation';
import type { RankContext } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import { CategoricalEstimator, em, GaussianEstimator, MixtureEstimator, modelTypes, RecordEstimator } from '@dml/stats';

const visitor = new RecordEstimator({ minutes: new GaussianEstimator(), device: new CategoricalEstimator() });
export const estimator = new MixtureEstimator([visitor, visitor, visitor]);
export const algorithm = em(estimator);

/** Models are instances of classes: they travel as bytes. */
export const codec = createCodec({ types: modelTypes });

/** Encoded rows, in memory that all ranks share. */
export interface Task {
  readonly columns: ReturnType<typeof algorithm.encode>;
  readonly seed: number;
}

export default async function fit({ comm, data, report, stop }: RankContext<Task, string>): Promise<Uint8Array | null> {
  const shard = await shareColumnsMpi(data.columns, algorithm, { comm });
  const { model } = await optimizeMpi(shard, algorithm, {
    comm,
    seed: data.seed,
    progress: ({ iteration, logLikelihood }) => report(`iteration ${iteration}: ${logLikelihood.toFixed(2)}`),
    printEvery: 10,
    signal: stop, // asked to stop, the fit returns the best model so far
  });
  return model === null ? null : codec.encode(model); // rank 0 has the model
}
