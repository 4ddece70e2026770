// Which of 30 sensors report together: two states of a machine, a mixture of sets of integers.
import {
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
  MixtureDistribution,
  MixtureEstimator,
} from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const state = (isOn: (sensor: number) => boolean) =>
  new IntegerBernoulliSetDistribution({ p: Array.from({ length: 30 }, (_, sensor) => (isOn(sensor) ? 0.7 : 0.1)) });
const truth = new MixtureDistribution([state((sensor) => sensor < 15), state((sensor) => sensor >= 15)], {
  w: [0.25, 0.75],
});
const each = new IntegerBernoulliSetEstimator({ valueCount: 30 });
const { model } = recover(truth, new MixtureEstimator([each, each]), 1000);
const low = model.components[0].p[0]! > 0.4 ? 0 : 1;
near('share of the first state', model.w[low]!, 0.25, ofShare(0.25, 1000));
near('sensor 3 in it', model.components[low]!.p[3]!, 0.7, ofShare(0.7, 250));
