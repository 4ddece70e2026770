// Tags of messages, and where they were written: topics on one side, towns on the other, and which topic belongs to which town.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  DiagonalGaussianDistribution,
  DiagonalGaussianEstimator,
  JointMixtureDistribution,
  JointMixtureEstimator,
  MixtureDistribution,
  PoissonDistribution,
  PoissonEstimator,
  SequenceDistribution,
  SequenceEstimator,
} from '@dml/stats';
import { near, recover } from '../recover.js';

type Tag = 'rain' | 'tube' | 'surf' | 'sun';
const length = new PoissonDistribution({ lambda: 4 });
const tags = (p: Record<Tag, number>) => new SequenceDistribution(new CategoricalDistribution<Tag>(p), { length });
const town = (latitude: number, longitude: number) =>
  new DiagonalGaussianDistribution({ mu: [latitude, longitude], sigma2: [0.25, 0.25] });
const truth = new JointMixtureDistribution(
  [tags({ rain: 0.5, tube: 0.4, surf: 0.05, sun: 0.05 }), tags({ rain: 0.05, tube: 0.05, surf: 0.4, sun: 0.5 })],
  [town(51.5, -0.1), town(38.7, -9.1)],
  { w1: [0.5, 0.5], tau12: [[0.9, 0.1], [0.2, 0.8]] }, // biome-ignore format: a small table
);
const topic = new SequenceEstimator(new CategoricalEstimator<Tag>(), {
  length: new PoissonEstimator({ key: 'length' }),
});
const place = new DiagonalGaussianEstimator();
const { model } = recover(truth, new JointMixtureEstimator([topic, topic], [place, place]), 2000);

// Where is a message of these tags from? Its topics, by Bayes' rule, and the towns of each topic.
const topics = new MixtureDistribution(model.components1, { w: model.w1 }).posterior(['surf', 'sun', 'sun']);
const towns = model.components2.map((_, j) => topics.reduce((sum, p, i) => sum + p * model.tau12[i]![j]!, 0));
const where = new MixtureDistribution(model.components2, { w: towns });
const [inNorth, inSouth] = [where.density([51.5, -0.1]), where.density([38.7, -9.1])];
near('messages of surf and sun from the south', inSouth / (inNorth + inSouth), 0.8, 0.08);
// And what is written there? The pair has a density, so each tag has one in a place.
const [rain, sun] = (['rain', 'sun'] as const).map((tag) => model.density([[tag], [51.5, -0.1]]));
near('rain among messages of one tag, rain or sun, in the north', rain! / (rain! + sun!), 0.76, 0.1);
