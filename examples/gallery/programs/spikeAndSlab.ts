// Ages that people round: one integer stands out among many that are about as frequent.
import { SpikeAndSlabDistribution, SpikeAndSlabEstimator } from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const truth = new SpikeAndSlabDistribution({ min: 18, max: 65, spike: 40, p: 0.3 });
const { model } = recover(truth, new SpikeAndSlabEstimator(), 1000);
near('the age that stands out', model.spike, 40, 0);
near('its probability', model.p, 0.3, ofShare(0.3, 1000));
