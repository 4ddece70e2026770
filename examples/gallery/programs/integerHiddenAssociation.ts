// Symptoms and remedies, both by number: the remedy depends on a hidden illness that the symptom points to.
import {
  IntegerCategoricalDistribution,
  IntegerHiddenAssociationDistribution,
  IntegerHiddenAssociationEstimator,
  MultinomialDistribution,
  PoissonDistribution,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const truth = new IntegerHiddenAssociationDistribution({
  states: [[1, 0], [0.9, 0.1], [0.1, 0.9], [0, 1]], // biome-ignore format: a small table
  targets: [[0.6, 0.4, 0, 0, 0], [0, 0, 0.2, 0.4, 0.4]], // biome-ignore format: a small table
  given: new MultinomialDistribution(new IntegerCategoricalDistribution({ min: 0, p: [0.25, 0.25, 0.25, 0.25] }), {
    length: new IntegerCategoricalDistribution({ min: 1, p: [0.7, 0.3] }),
  }),
  length: new PoissonDistribution({ lambda: 4 }),
});
const estimator = new IntegerHiddenAssociationEstimator({ sourceCount: 4, targetCount: 5, stateCount: 2 });
const { model } = recover(truth, estimator, 1000);
// What a symptom leads to does not depend on how the states are cut.
const leadsTo = ({ states, targets }: Pick<typeof truth, 'states' | 'targets'>, source: number, target: number) =>
  states[source]!.reduce((sum, p, state) => sum + p * targets[state]![target]!, 0);
for (const source of [0, 1, 2, 3])
  near(`symptom ${source} leads to remedy 0`, leadsTo(model, source, 0), leadsTo(truth, source, 0), 0.07);
