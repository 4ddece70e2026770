// Five symptoms, each of which depends on one other: the tree is found by mutual information.
import { IntegerChowLiuTreeDistribution, IntegerChowLiuTreeEstimator } from '@dml/stats';
import { near, recover } from '../recover.js';

const follows = [[0.9, 0.1], [0.2, 0.8]]; // biome-ignore format: a small table
const truth = new IntegerChowLiuTreeDistribution({
  parents: [null, 0, 0, 1, 1],
  conditional: [[[0.6, 0.4]], follows, follows, follows, follows],
});
const { model } = recover(truth, new IntegerChowLiuTreeEstimator(), 2000);
const edgesOf = (parents: readonly (number | null)[]) =>
  parents.flatMap((parent, feature) => (parent === null ? [] : [[parent, feature].sort().join('-')]));
const found = new Set(edgesOf(model.parents));
near('edges of the tree', edgesOf(truth.parents).filter((edge) => found.has(edge)).length, 4, 0);
