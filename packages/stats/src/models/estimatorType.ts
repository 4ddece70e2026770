/** How an estimator becomes plain data, and an equal one is made of it. */
import { ParameterError } from '../errors.js';

/**
 * A class of estimators, or of parts of them, that a codec can write and read: a type for `createCodec` of `@dml/serialize`.
 * {@link estimatorType} makes one.
 */
export interface EstimatorType {
  /** Stable name, written into files. */
  readonly name: string;
  /** Version of the fields, an integer >= 1. */
  readonly version: number;
  /** Whether a class instance is of this type. */
  is(value: unknown): boolean;
  /** The fields. Children and priors among them stay live objects. */
  toJSON(value: never): Readonly<Record<string, unknown>>;
  /** Makes an equal estimator; children among the fields are live already. @throws {ParameterError | OptionError} */
  fromJSON(fields: Readonly<Record<string, unknown>>, version: number): object;
}

/**
 * The type of a class whose constructor takes what its public fields hold: as all estimators of this package, and as those of
 * your own that are written alike.
 * @param name  in every file: choose once
 * @param type  the class
 * @param fields  the names of the fields, in the order of the constructor's arguments
 * @example
 * // A page that needs one family, and none of the others:
 * const types = [PoissonDistribution, estimatorType('PoissonEstimator', PoissonEstimator, ['options'])];
 * createCodec({ types }).stringify(new PoissonEstimator()); // { "type": "PoissonEstimator", "options": {} }
 */
export function estimatorType<E extends object>(
  name: string,
  type: new (...args: never) => E,
  fields: readonly (keyof E & string)[],
): EstimatorType {
  return {
    name,
    version: 1,
    is: (value) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === type.prototype,
    toJSON: (value: E) => Object.fromEntries(fields.map((field) => [field, value[field]])),
    fromJSON: (given) => {
      for (const field of Object.keys(given)) {
        if (field === 'type' || fields.some((known) => known === field)) continue;
        throw new ParameterError(name, field, `one of the fields ${fields.join(', ')}`, given[field]);
      }
      // The constructor checks its arguments: they come from a file, or from a caller without a compiler.
      return new type(...(fields.map((field) => given[field]) as never));
    },
  };
}
