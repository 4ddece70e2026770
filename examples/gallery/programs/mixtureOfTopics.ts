// Letters from two offices: each writes on subjects of its own, and the topics are estimated from both.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  copies,
  LatentDirichletAllocationDistribution,
  LatentDirichletAllocationEstimator,
  MixtureDistribution,
  MixtureEstimator,
  optimize,
} from '@dml/stats';
import { atLeast, near } from '../recover.js';

const vocabulary = [...'abcdefghij'];
const topic = (k: number) =>
  new CategoricalDistribution(vocabulary.map((word, i) => [word, Math.floor(i / 2) === k ? 0.46 : 0.01] as const));
const topics = [0, 1, 2, 3, 4].map(topic);
const length = new CategoricalDistribution([[60, 1]]);
const office = (alpha: readonly number[]) => new LatentDirichletAllocationDistribution(topics, { alpha, length });
const offices = [office([1, 1, 0.01, 0.01, 0.01]), office([0.01, 0.01, 0.8, 0.8, 0.8])] as const;
const truth = new MixtureDistribution(offices, { w: [0.5, 0.5] });
const letters = new LatentDirichletAllocationEstimator(
  copies(5, new CategoricalEstimator<string>({ pseudoCount: 0.01 })),
  {
    keys: { topics: 'topics' },
    length: new CategoricalEstimator<number>(),
  },
);
const rows = truth.sampler(1).sample(60);
const { model } = optimize(rows, new MixtureEstimator([letters, letters]), { seed: 1, maxIterations: 30 });
const best = (p: (word: string) => number) => vocabulary.reduce((top, word) => (p(word) > p(top) ? word : top));
const found = model.components[0].topics.map((t) =>
  Math.floor(vocabulary.indexOf(best((word) => t.density(word))) / 2),
);
near('topics that are found', new Set(found).size, 5, 0);
const office0 = rows.map((row) => truth.posterior(row)[0]! > 0.5);
const same = rows.filter((row, i) => model.posterior(row)[0]! > 0.5 === office0[i]).length / rows.length;
atLeast('letters that are given to their office', Math.max(same, 1 - same), 0.95);
