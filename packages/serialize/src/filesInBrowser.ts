import type { Codec } from './codec.js';
import { CodecError } from './errors.js';
import { type Address, isAddress, loadFromSource, type ModelSource } from './load.js';

/**
 * Outside Node there is no file system to write to.
 * @throws {CodecError} `ERR_FILE` always: offer `new Blob([codec.encode(model)])` as a download instead
 */
export async function saveModel(path: Address, _model: unknown, _codec: Codec): Promise<void> {
  const reason = 'there is no file system here. Offer new Blob([codec.encode(model)]) as a download instead.';
  throw new CodecError({ code: 'ERR_FILE', reason, file: typeof path === 'string' ? path : path.href });
}

/**
 * Reads a model from bytes, a Blob (a file that the user chose), a `fetch` response or a stream; a string or URL is
 * fetched.
 *
 * @returns the value that was saved; the form, binary or JSON, is recognised by its first byte
 * @throws {CodecError} with the path inside the model
 *
 * @example
 * ```ts
 * const model = await loadModel('/models/penguins.dml', codec);
 * ```
 */
export async function loadModel(source: Address | ModelSource, codec: Codec): Promise<unknown> {
  if (!isAddress(source)) return loadFromSource(source, codec);
  return loadFromSource(await fetch(typeof source === 'string' ? source : source.href), codec);
}
