/** A row with gaps, as far as it is known. */
import type { AnyDistribution, Step } from '../contract.js';

/** Of a value of which nothing is known. */
export const NOTHING = Symbol('nothing');

/** A row, or a value in it, with gaps. */
export interface Opened {
  /** The model without its optional parts: each of their gaps is now a value like others. */
  readonly model: AnyDistribution;
  /** What is known, as a part for `given`; the whole value, where all is known; or {@link NOTHING}. */
  readonly known: unknown;
  readonly isComplete: boolean;
  /** Log-probability that just these values are missing. */
  readonly logWeight: number;
  /** The values in a record, a composite, a pair, a list or a tree. */
  readonly inner?: ReadonlyMap<Step, Opened>;
  /** Of a pair of a level and a value: where one of the two is left, it is left by itself. */
  readonly isPair?: boolean;
  /** Where the gaps of a vector are. */
  readonly gaps?: ReadonlySet<number>;
}
