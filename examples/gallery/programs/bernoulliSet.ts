// Sets of words that a message holds: each word with a probability of its own.
import { BernoulliSetDistribution, BernoulliSetEstimator } from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const truth = new BernoulliSetDistribution({ hello: 0.8, offer: 0.1, thanks: 0.5 });
const { model } = recover(truth, new BernoulliSetEstimator<string>(), 1000);
for (const [word, p] of truth.p) near(word, model.p.get(word)!, p, ofShare(p, 1000));
