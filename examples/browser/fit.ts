/** Fits a mixture under MPI and saves it where a web server can find it. */
import { optimizeMpi, saveOnRoot } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec, saveModel } from '@dml/serialize';
import { CategoricalEstimator, em, GaussianEstimator, MixtureEstimator, modelTypes, RecordEstimator } from '@dml/stats';
import { visitors } from './visitors.js';

await runMpi(async (comm) => {
  const visitor = new RecordEstimator({ minutes: new GaussianEstimator(), device: new CategoricalEstimator() });
  const estimator = new MixtureEstimator([visitor, visitor]);
  const codec = createCodec({ types: modelTypes });
  const rows = comm.rank === 0 ? visitors.sampler(7).sample(2000) : null;
  const { model } = await optimizeMpi(rows, em(estimator), { comm, codec, seed: 1, progress: 'silent' });
  await saveOnRoot(model, (fitted) => saveModel('model.dml', fitted, codec), comm);
});
