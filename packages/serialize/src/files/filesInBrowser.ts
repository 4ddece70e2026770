import type { Limits } from '../checks/limits.js';
import { type Codec, expectCodec } from '../codec.js';
import { CodecError } from '../errors.js';
import { descriptionOf, type FileDescription } from './description.js';
import { type EstimatorLike, expectModelOf, type ModelMadeBy } from './expectModelOf.js';
import { type Address, isAddress, loadFromSource, type ModelSource, type SaveOptions } from './load.js';

/**
 * Outside Node there is no file system to write to.
 * @throws {CodecError} `ERR_FILE` always: offer `new Blob([codec.encode(model)])` as a download instead
 */
export async function saveModel(path: Address, _model: unknown, _codec: Codec, _options?: SaveOptions): Promise<void> {
  const reason = 'there is no file system here. Offer new Blob([codec.encode(model)]) as a download instead.';
  throw new CodecError({ code: 'ERR_FILE', reason, file: typeof path === 'string' ? path : String(path?.href) });
}

/**
 * Reads a model from bytes, a Blob (a file that the user chose), a `fetch` response or a stream; a string or URL is
 * fetched.
 *
 * @returns the value that was saved; the form, binary or JSON, is recognised by its first byte
 * @param estimator  the value must be a model such as this estimator makes, and has its type
 * @throws {CodecError} with the path inside the model; `ERR_OTHER_MODEL` when it is not one of the estimator's
 *
 * @example
 * ```ts
 * const model = await loadModel('/models/height.dml', codec, new GaussianEstimator());
 * console.log(model.mu); // a number
 * ```
 */
export function loadModel<E extends EstimatorLike>(
  source: Address | ModelSource,
  codec: Codec,
  estimator: E,
): Promise<ModelMadeBy<E>>;
/** The same for any value: it is returned as `unknown`, to be narrowed with `instanceof`. */
export function loadModel(source: Address | ModelSource, codec: Codec): Promise<unknown>;
export async function loadModel(
  source: Address | ModelSource,
  codec: Codec,
  estimator?: EstimatorLike,
): Promise<unknown> {
  expectCodec('loadModel', codec);
  const value = await loadAny(source, codec);
  return estimator === undefined ? value : expectModelOf(estimator, value);
}

async function loadAny(source: Address | ModelSource, codec: Codec): Promise<unknown> {
  if (!isAddress(source)) return loadFromSource(source, codec);
  const url = typeof source === 'string' ? source : source.href;
  const response = await fetch(url).catch((cause: unknown) => {
    throw new CodecError({
      code: 'ERR_FILE',
      reason: `the server did not answer. ${String(cause)}.`,
      file: url,
      cause,
    });
  });
  return loadFromSource(response, codec);
}

/**
 * Tells what a file holds, without the classes of its models: which types in which versions, and all values. Damage and
 * limits are checked as by `loadModel`; parameters are not, because that is the work of the classes.
 *
 * @param source  as for `loadModel`
 * @throws {CodecError} as `loadModel`, but no type is unknown or too new
 *
 * @example
 * ```ts
 * const { types } = await describeFile('/models/height.dml');
 * console.log(types); // [{ name: 'Gaussian', version: 1, count: 2 }, { name: 'Mixture', version: 1, count: 1 }]
 * ```
 */
export function describeFile(
  source: Address | ModelSource,
  options: { readonly limits?: Partial<Limits> } = {},
): Promise<FileDescription> {
  return descriptionOf((codec) => loadAny(source, codec), options);
}
