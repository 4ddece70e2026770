import { type Codec, expectCodec } from '../codec.js';
import { CodecError } from '../errors.js';
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
 * @throws {CodecError} with the path inside the model
 *
 * @example
 * ```ts
 * const model = await loadModel('/models/penguins.dml', codec);
 * ```
 */
export async function loadModel(source: Address | ModelSource, codec: Codec): Promise<unknown> {
  expectCodec('loadModel', codec);
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
