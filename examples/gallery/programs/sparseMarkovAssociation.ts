// Goods that lead to goods, among 100,000 of them: only the pairs that occur are in the table.
import { optimize, SparseMarkovAssociationEstimator } from '@dml/stats';
import { near } from '../recover.js';

// In truth a purchase of good u is followed by 7 u three times in four, and by 11 u + 1 else.
const valueCount = 100_000;
const rows = Array.from({ length: 400 }, (_, i) => {
  const u = (i * i * 31 + 17) % valueCount;
  return [[[u, 1]], [[(7 * u) % valueCount, 3], [(11 * u + 1) % valueCount, 1]]] as const; // biome-ignore format: two lists
});
const { model } = optimize(rows, new SparseMarkovAssociationEstimator({ valueCount }), { seed: 1, maxIterations: 50 });
near('good 17 leads to good 119', model.transition(17, 119), 0.75, 0.01);
near('and to good 188', model.transition(17, 188), 0.25, 0.01);
