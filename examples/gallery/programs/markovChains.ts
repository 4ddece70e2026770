// Walks through a building: from room to room, and a lamp whose next state depends on the last two.
import * as stats from '@dml/stats';
import { near, recover } from '../recover.js';

const walks = new stats.MarkovChainDistribution({
  initial: { hall: 1 },
  transitions: { hall: { lab: 0.7, hall: 0.3 }, lab: { hall: 0.5, lab: 0.5 } },
  length: new stats.GeometricDistribution({ p: 0.1 }),
});
const length = new stats.GeometricEstimator();
const { model } = recover(walks, new stats.MarkovChainEstimator<string>({ length }), 500);
near('steps from the hall that lead to the lab', model.transitions.get('hall')!.get('lab')!, 0.7, 0.06);
near('steps from the lab that lead to the hall', model.transitions.get('lab')!.get('hall')!, 0.5, 0.06);

const on = [0.1, 0.8, 0.3, 0.9]; // P(on) after off off, off on, on off, on on
const two = new stats.IntegerCategoricalDistribution({ min: 2, p: [1] });
const lamp = new stats.IntegerMarkovChainDistribution({
  conditional: on.map((p) => [1 - p, p]),
  lag: 2,
  initial: new stats.SequenceDistribution(new stats.IntegerCategoricalDistribution({ min: 0, p: [0.5, 0.5] }), {
    length: two,
  }),
  length: new stats.PoissonDistribution({ lambda: 20 }),
});
const lamps = recover(lamp, new stats.IntegerMarkovChainEstimator({ valueCount: 2, lag: 2 }), 500).model;
on.forEach((p, after) =>
  near(`on after ${after.toString(2).padStart(2, '0')}`, lamps.conditional[after]![1]!, p, 0.06),
);
