/** The families that numbers of a range may follow, the simplest first. */
import { BetaEstimator } from '../families/beta.js';
import { ExponentialEstimator } from '../families/exponential.js';
import { GammaEstimator } from '../families/gamma.js';
import { GaussianEstimator } from '../families/gaussian.js';
import { GeometricEstimator } from '../families/geometric.js';
import { LogGaussianEstimator } from '../families/logGaussian.js';
import { NegativeBinomialEstimator } from '../families/negativeBinomial.js';
import { PoissonEstimator } from '../families/poisson.js';
import { StudentTEstimator } from '../families/studentT.js';
import { WeibullEstimator } from '../families/weibull.js';
import type { NumberFamily } from './compareFamilies.js';
import type { RowProfile } from './rowProfile.js';

function family(name: string, estimator: object): NumberFamily {
  return { name, estimator: estimator as NumberFamily['estimator'] }; // they all take numbers
}

/** Of real numbers, and of integers that are measurements. @param conjugate  only those that have a conjugate prior */
export function realFamilies({ least, most }: RowProfile, conjugate: boolean): readonly NumberFamily[] {
  const families = [family('Gaussian', new GaussianEstimator())];
  if (least >= 0) families.push(family('Exponential', new ExponentialEstimator()));
  if (least > 0) families.push(family('LogGaussian', new LogGaussianEstimator()));
  if (conjugate) return families;
  if (least > 0) families.push(family('Gamma', new GammaEstimator()), family('Weibull', new WeibullEstimator()));
  if (least > 0 && most < 1) families.push(family('Beta', new BetaEstimator()));
  return [...families, family('StudentT', new StudentTEstimator())];
}

/** Of counts. @param conjugate  only those that have a conjugate prior: of counts from 0 that is one */
export function countFamilies({ least }: RowProfile, conjugate: boolean): readonly NumberFamily[] {
  const families = [family('Poisson', new PoissonEstimator())];
  if (conjugate) return families;
  if (least >= 1) families.push(family('Geometric', new GeometricEstimator()));
  return [...families, family('NegativeBinomial', new NegativeBinomialEstimator())];
}
