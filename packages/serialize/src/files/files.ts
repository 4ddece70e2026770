import { type FileHandle, open, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FORMAT_VERSION, peekVersion } from '../binary/format.js';
import { expectOptions, optionError, wrongArgument } from '../checks/arguments.js';
import type { Limits } from '../checks/limits.js';
import { type Codec, expectCodec } from '../codec.js';
import { CodecError, quoted } from '../errors.js';
import { describe } from '../values/kinds.js';
import { encodeUtf8 } from '../values/text.js';
import { descriptionOf, type FileDescription } from './description.js';
import { type EstimatorLike, expectModelOf, type ModelMadeBy } from './expectModelOf.js';
import { type Address, isAddress, loadFromPieces, loadFromSource, type ModelSource, type SaveOptions } from './load.js';
import { expectFile, replaceFile } from './replaceFile.js';
import { isSystemError } from './systemError.js';

/** Enough for the first key of a JSON document and the longest name of a type. */
const START_BYTES = 2048;

/**
 * Writes a model to a file, whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the
 * folder. A reader sees the old file or the new one, also when the machine stops in between. A link stays a link, and the
 * file keeps its permissions and its owner. What is written is the model as it is at the call. Calls for one file are done in
 * their order, also when they are not awaited.
 *
 * A file that is there already is replaced when it is empty or begins like a model file: with the first bytes of the
 * binary form, with `{ "$dml"`, or with `{ "type"` and the name of a registered type. Any other file is left untouched.
 *
 * @param path   a path or `file:` URL; a name that ends in `.json` gets the readable form, any other the binary form
 * @param model  any value that the codec can write
 * @throws {CodecError} `ERR_NOT_A_MODEL_FILE` when the file that is there is something else and `overwrite` is not
 *   set; `ERR_NEWER_FORMAT` when it has a newer format; `ERR_FILE` when the disk or the folder refuses, or the path
 *   is no regular file; whatever `codec.encode` throws, before the disk is touched
 *
 * @example
 * ```ts
 * await saveModel('model.dml', model, codec);
 * const again = await loadModel('model.dml', codec);
 * ```
 */
export async function saveModel(path: Address, model: unknown, codec: Codec, options: SaveOptions = {}): Promise<void> {
  const name = pathOf('saveModel', path);
  expectCodec('saveModel', codec);
  const { overwrite = false } = expectOptions('saveModel', options, ['overwrite']);
  if (typeof overwrite !== 'boolean') wrongArgument('saveModel', 'true or false for overwrite', overwrite);
  await inFile(name, async () => {
    if (name.endsWith('/') || name.endsWith(sep))
      throw new CodecError({ code: 'ERR_FILE', reason: 'this is a folder. Name a file.' });
    // Before the first wait: the caller may change the model while it is written.
    const parts = /\.json$/i.test(name) ? [encodeUtf8(documentOf(model, codec))] : codec.encodeStream(model);
    await replaceFile(name, parts, async (there) => checkReplaceable(await readStart(there), overwrite, codec));
  });
}

/** The JSON form, which begins so that it is known for a model file: plain data gets the envelope of the format. */
function documentOf(model: unknown, codec: Codec): string {
  const text = codec.stringify(model);
  return isModelText(text, codec) ? text : `{ "$dml": ${FORMAT_VERSION}, "$value": ${text.trimEnd()} }\n`;
}

/**
 * Reads a model from a file, or from bytes that are already at hand.
 *
 * @param source  a path or `file:` URL, or an ArrayBuffer, Uint8Array, Blob, Response or stream of bytes
 * @returns       the value that was saved; the form, binary or JSON, is recognised by its first byte
 * @param estimator  the value must be a model such as this estimator makes, and has its type
 * @throws {CodecError} with the name of the file, and the path inside the model; `ERR_OTHER_MODEL` when it is not one of
 *   the estimator's
 *
 * @example
 * ```ts
 * const model = await loadModel('model.dml', codec, new GaussianEstimator());
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
  return load('loadModel', source, codec, estimator);
}

async function load(
  owner: string,
  source: Address | ModelSource,
  codec: Codec,
  estimator?: EstimatorLike,
): Promise<unknown> {
  const checked = (value: unknown): unknown => (estimator === undefined ? value : expectModelOf(estimator, value));
  if (!isAddress(source)) return checked(await loadFromSource(source, codec));
  const name = pathOf(owner, source);
  return inFile(name, async () => {
    // Before it is opened: opening a pipe waits for a writer.
    expectFile(await stat(name), 'Pass a stream of its bytes instead.');
    const file = await open(name);
    try {
      const { size } = await file.stat();
      const pieces = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 18 });
      return checked(await loadFromPieces(pieces[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>, codec, size));
    } finally {
      await file.close();
    }
  });
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
 * const { types } = await describeFile('model.dml');
 * console.log(types); // [{ name: 'Gaussian', version: 1, count: 2 }, { name: 'Mixture', version: 1, count: 1 }]
 * ```
 */
export function describeFile(
  source: Address | ModelSource,
  options: { readonly limits?: Partial<Limits> } = {},
): Promise<FileDescription> {
  return descriptionOf((codec) => load('describeFile', source, codec), options);
}

function checkReplaceable(start: Uint8Array, overwrite: boolean, codec: Codec): void {
  const text = Buffer.from(start).toString('utf8');
  const version = peekVersion(start) ?? versionOfText(text);
  if (version !== undefined && version > FORMAT_VERSION) {
    const reason = `the file has format version ${version}, newer than ${FORMAT_VERSION}, and is not overwritten. Update @dml/serialize, or choose another name.`;
    throw new CodecError({ code: 'ERR_NEWER_FORMAT', reason });
  }
  if (overwrite || start.length === 0 || version !== undefined || isModelText(text, codec)) return;
  const reason =
    'the file that is there does not begin like a model file of this codec, and is not overwritten. Choose another name, or pass { overwrite: true } to saveModel.';
  throw new CodecError({ code: 'ERR_NOT_A_MODEL_FILE', reason });
}

/** JSON of a later format begins with `{ "$dml": version`. */
function versionOfText(text: string): number | undefined {
  const match = /^\uFEFF?\s*\{\s*"\$dml"\s*:\s*(\d+)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** Other documents begin with a `type` too: `package.json`, GeoJSON. Theirs is not among the registered types. */
function isModelText(text: string, { typeNames }: Codec): boolean {
  const type = /^\uFEFF?\s*\{\s*"type"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return type !== undefined && typeNames.some((name) => JSON.stringify(name) === type);
}

async function readStart(file: FileHandle): Promise<Uint8Array> {
  const start = new Uint8Array(START_BYTES);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  return start.subarray(0, bytesRead);
}

function pathOf(owner: string, path: unknown): string {
  const given = typeof path === 'object' && path !== null && 'href' in path ? path.href : path;
  if (typeof given === 'string' && given.startsWith('file:')) {
    try {
      return fileURLToPath(given);
    } catch (cause) {
      throw optionError(owner, `${quoted(given)} is not a file on this machine: ${(cause as Error).message}.`);
    }
  }
  const isPath = typeof path === 'string' && path.trim() !== '' && !path.includes('\0') && !/^[a-z]+:\/\//i.test(path);
  if (isPath) return path;
  const found = typeof given === 'string' ? quoted(given) : describe(given);
  throw optionError(owner, `expected a path or a file: URL, found ${found}.`);
}

/** Puts the file's name into whatever goes wrong. */
async function inFile<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CodecError) throw error.inFile(name);
    if (!isSystemError(error)) throw error;
    throw new CodecError({ code: 'ERR_FILE', reason: `${error.message}.`, file: name, cause: error });
  }
}
