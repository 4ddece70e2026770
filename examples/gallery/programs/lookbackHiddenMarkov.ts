// Letters that are repeated, or changed all the time: an item depends on its state and on the item before.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  ConditionalDistribution,
  ConditionalEstimator,
  LookbackHiddenMarkovDistribution,
  LookbackHiddenMarkovEstimator,
  PoissonDistribution,
  SequenceDistribution,
} from '@dml/stats';
import { near, recover } from '../recover.js';

type Letter = 'a' | 'b';
const letter = (a: number) => new CategoricalDistribution<Letter>({ a, b: 1 - a });
const next = (stay: number) => new ConditionalDistribution({ a: letter(stay), b: letter(1 - stay) });
const first = new SequenceDistribution(letter(0.5));
const truth = new LookbackHiddenMarkovDistribution([next(0.95), next(0.05)], {
  lag: 1,
  w: [0.5, 0.5],
  transitions: [[0.95, 0.05], [0.05, 0.95]], // biome-ignore format: a small table
  initialEmissions: [first, first],
  length: new PoissonDistribution({ lambda: 40 }),
});
const e = new CategoricalEstimator<Letter>();
const each = new ConditionalEstimator({ a: e, b: e });
const { model } = recover(truth, new LookbackHiddenMarkovEstimator([each, each], { lag: 1 }), 80);
const stays = model.emissions[0].dists.get('a')!.density('a') > 0.5 ? 0 : 1;
near('a letter is repeated', model.emissions[stays]!.dists.get('a')!.density('a'), 0.95, 0.04);
near('the state stays', model.transitions[stays]![stays]!, 0.95, 0.04);
