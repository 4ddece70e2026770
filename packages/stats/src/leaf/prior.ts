/** Priors that are a number of imaginary rows: `pseudoCount`, and what they are like: `prior`. */
import { checkPseudoCount } from '../checks/parameters.js';

interface ImaginaryRows<P> {
  readonly pseudoCount?: number;
  readonly prior?: P;
}

/**
 * The options of an estimator whose imaginary rows are distributed as a given model; none without a pseudo count.
 * @throws {ParameterError} for a pseudo count that is not finite and >= 0
 */
export function imaginaryRows<P>(owner: string, pseudoCount: number | undefined, prior: P): ImaginaryRows<P> {
  checkPseudoCount(`${owner}.estimator`, 'pseudoCount', pseudoCount);
  return pseudoCount === undefined || pseudoCount === 0 ? {} : { pseudoCount, prior };
}

/** Whether imaginary rows enter the estimate. */
export function hasImaginaryRows({ pseudoCount = 0 }: ImaginaryRows<unknown>): boolean {
  return pseudoCount > 0;
}
