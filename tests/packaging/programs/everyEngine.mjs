/** The ten lines of the README and a model file: every engine must end at these bits. */
import { createHash } from 'node:crypto';
import { createCodec } from '@dml/serialize';
import {
  CategoricalEstimator,
  copies,
  GaussianEstimator,
  HiddenMarkovEstimator,
  MixtureEstimator,
  modelTypes,
  optimize,
  RecordEstimator,
} from '@dml/stats';

const visits = Array.from({ length: 300 }, (_, i) =>
  i % 3 === 0
    ? { minutes: 5 + Math.sqrt(i), device: i % 2 ? 'phone' : 'desktop' }
    : { minutes: 60 + 4 / (1 + i), device: 'desktop' },
);
const visit = new RecordEstimator({ minutes: new GaussianEstimator(), device: new CategoricalEstimator() });
const mixture = optimize(visits, new MixtureEstimator([visit, visit]), { seed: 1 });

const lists = Array.from({ length: 20 }, (_, i) =>
  Array.from({ length: 30 }, (_, j) => ((i + j) % 7 < 3 ? 4 : 0) + ((i * j) % 5) / 5),
);
const states = optimize(lists, new HiddenMarkovEstimator(copies(2, new GaussianEstimator())), { seed: 1 });

const codec = createCodec({ types: modelTypes });
const hash = createHash('sha256');
for (const { model, logLikelihood, path } of [mixture, states]) {
  hash.update(codec.encode({ model: codec.decode(codec.encode(model)), logLikelihood, iterations: path.length }));
}
console.log(mixture.reason, states.reason, hash.digest('hex'));
