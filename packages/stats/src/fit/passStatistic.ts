/** What the two steps of EM pass on. */
import type { Finding } from '../contract.js';

/** What a pass over rows yields: one flat vector, or (when a family has no flat statistic) an object. */
export type PassStatistic =
  | Float64Array
  | { readonly logLikelihood: number; readonly weight: number; readonly itemWeight: number; readonly value: unknown };

/** A model with the findings of its M step. */
export interface Estimated<D> {
  readonly model: D;
  readonly findings: readonly Finding[];
}
