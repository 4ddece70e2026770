// Directions of the wind in space about two poles.
import { MixtureDistribution, MixtureEstimator, VonMisesFisherDistribution, VonMisesFisherEstimator } from '@dml/stats';
import { near, recover } from '../recover.js';

const pole = (mu: number[], kappa: number) => new VonMisesFisherDistribution({ mu, kappa });
const truth = new MixtureDistribution([pole([0, 0, 1], 20), pole([1, 0, 0], 5)], { w: [0.5, 0.5] });
const each = new VonMisesFisherEstimator();
const { model } = recover(truth, new MixtureEstimator([each, each]), 1500);
const north = model.components[0].mu[2]! > model.components[1].mu[2]! ? 0 : 1;
const { mu, kappa } = model.components[north]!;
near('cosine between the pole and the one that is found', mu[2]!, 1, 0.01);
near('concentration about it', kappa, 20, 4);
