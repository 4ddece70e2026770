/** Runs one case of covariance-shapes.json: an M step of a Gaussian mixture from given responsibilities. */
import {
  type CovarianceShape,
  initialize,
  MixtureEstimator,
  parameterCount,
  seqEncode,
  seqLogDensitySum,
  shapedGaussians,
} from '../../src/index.js';
import { differences } from './compare.js';

interface ShapeCase {
  readonly covariance: CovarianceShape;
  readonly data: readonly (readonly number[])[];
  readonly responsibilities: readonly (readonly number[])[];
  readonly estimate: unknown;
  readonly logLikelihood: number;
  readonly parameterCount: number;
}

export function isShapeCase(golden: object): boolean {
  return 'covariance' in golden && 'responsibilities' in golden && 'estimate' in golden;
}

/** Shapes whose M step is an iteration, in this project and where the numbers come from. */
const ITERATIVE: readonly CovarianceShape[] = ['VEI', 'VEE', 'EVE', 'VEV'];

/** Everything that disagrees. */
export function runShape(golden: unknown): string[] {
  const { covariance, data, responsibilities, estimate, logLikelihood, parameterCount: count } = golden as ShapeCase; // what `isShapeCase` saw
  const estimator = new MixtureEstimator(
    shapedGaussians(responsibilities[0]!.length, { covariance, minEigenvalue: 0 }),
  );
  const model = initialize(data, estimator, { responsibilities });
  const estimated = { w: model.w, components: model.components.map(({ mu, covariance }) => ({ mu, covariance })) };
  const sum = seqLogDensitySum(seqEncode(data, estimator), model);
  const found = {
    estimate: estimated,
    logLikelihood: sum.logLikelihood,
    parameterCount: parameterCount(estimator, model),
  };
  const expected = { estimate, logLikelihood, parameterCount: count };
  return differences(found, expected, ITERATIVE.includes(covariance) ? 1e-6 : 1e-9, '');
}
