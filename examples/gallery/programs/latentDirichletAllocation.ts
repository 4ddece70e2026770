// Documents of two topics, mixed in different proportions; the proportions have a Dirichlet law of their own.
import {
  IntegerCategoricalDistribution,
  IntegerCategoricalEstimator,
  LatentDirichletAllocationDistribution,
  LatentDirichletAllocationEstimator,
  PoissonDistribution,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const topic = (p: number[]) => new IntegerCategoricalDistribution({ min: 0, p });
const truth = new LatentDirichletAllocationDistribution(
  [topic([0.5, 0.3, 0.2, 0, 0, 0]), topic([0, 0, 0, 0.2, 0.3, 0.5])],
  { alpha: [0.5, 0.5], length: new PoissonDistribution({ lambda: 40 }) },
);
const e = new IntegerCategoricalEstimator({ min: 0, max: 5 });
const { model } = recover(truth, new LatentDirichletAllocationEstimator([e, e]), 300);
const first = model.topics[0].p[0]! > model.topics[1].p[0]! ? 0 : 1;
near('word 0 in the first topic', model.topics[first]!.p[0]!, 0.5, 0.04);
near('concentration', model.alpha[first]!, 0.5, 0.2);
