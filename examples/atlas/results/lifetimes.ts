/** Lifetimes of ball bearings under three families. */
import { GammaEstimator, LogGaussianEstimator, optimize, WeibullEstimator } from '@dml/stats';
import { ballBearings } from '../data/tables.js';
import { printed, type Result } from '../result.js';

const source = 'Lieblein & Zelen 1956; maximum likelihood in Lawless 2003';

export const lifetimes: readonly Result[] = [
  {
    title: 'Ball bearings, Weibull',
    source,
    quantities: () => {
      const { shape, scale } = optimize(ballBearings, new WeibullEstimator()).model;
      return [printed('shape', '2.10', shape), printed('scale', '81.9', scale)];
    },
  },
  {
    title: 'Ball bearings, gamma',
    source,
    quantities: () => {
      const { shape, scale } = optimize(ballBearings, new GammaEstimator()).model;
      return [printed('shape', '4.02', shape), printed('scale', '17.94', scale)];
    },
  },
  {
    title: 'Ball bearings, log-normal',
    source,
    quantities: () => {
      const { mu, sigma2 } = optimize(ballBearings, new LogGaussianEstimator()).model;
      return [printed('μ', '4.150', mu), printed('σ', '0.522', Math.sqrt(sigma2))];
    },
  },
];
