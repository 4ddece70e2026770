import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, readlink, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FORMAT_VERSION, HEADER_BYTES, hasMagic, peekVersion } from '../binary/format.js';
import { expectOptions, optionError, wrongArgument } from '../checks/arguments.js';
import { type Codec, expectCodec } from '../codec.js';
import { CodecError, quoted } from '../errors.js';
import { describe } from '../values/kinds.js';
import { encodeUtf8 } from '../values/text.js';
import {
  type Address,
  checkTextSize,
  isAddress,
  loadFromBytes,
  loadFromSource,
  looksBinary,
  type ModelSource,
  type SaveOptions,
} from './load.js';

/**
 * Writes a model to a file, whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the
 * folder. A reader sees the old file or the new one, also when the machine stops in between. A link stays a link, and the file
 * keeps its permissions.
 *
 * A file that is there already is replaced when it is empty or begins like a model file: with the first bytes of the
 * binary form, or with `{ "type"` or `{ "$dml"`. Any other file is left untouched.
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
    const parts = name.endsWith('.json') ? [encodeUtf8(documentOf(model, codec))] : codec.encodeStream(model);
    const target = await throughLinks(name);
    const mode = await modeOfReplaced(target, overwrite);
    await writeWhole(target, parts, mode);
  });
}

/** The JSON form, which begins so that it is known for a model file: plain data gets the envelope of the format. */
function documentOf(model: unknown, codec: Codec): string {
  const text = codec.stringify(model);
  return isModelText(text) ? text : `{ "$dml": ${FORMAT_VERSION}, "$value": ${text.trimEnd()} }\n`;
}

/**
 * Reads a model from a file, or from bytes that are already at hand.
 *
 * @param source  a path or `file:` URL, or an ArrayBuffer, Uint8Array, Blob, Response or stream of bytes
 * @returns       the value that was saved; the form, binary or JSON, is recognised by its first byte
 * @throws {CodecError} with the name of the file, and the path inside the model
 *
 * @example
 * ```ts
 * const model = await loadModel('model.dml', codec);
 * if (model instanceof GaussianDistribution) console.log(model.mu);
 * ```
 */
export async function loadModel(source: Address | ModelSource, codec: Codec): Promise<unknown> {
  expectCodec('loadModel', codec);
  if (!isAddress(source)) return loadFromSource(source, codec);
  const name = pathOf('loadModel', source);
  return inFile(name, async () => {
    // Before it is opened: opening a pipe waits for a writer.
    expectFile(await stat(name), 'Pass a stream of its bytes instead.');
    const file = await open(name);
    try {
      const { size } = await file.stat();
      const start = await readStart(file);
      if (!hasMagic(start)) {
        if (looksBinary(start)) return codec.decode(start);
        checkTextSize(size);
        return loadFromBytes(await readAll(file), codec);
      }
      const pieces = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 18 });
      return await codec.decodeStream(pieces as AsyncIterable<Uint8Array>, { byteLength: size });
    } finally {
      await file.close();
    }
  });
}

/** Where a path leads, so that a link stays a link. The file itself need not be there. */
async function throughLinks(name: string): Promise<string> {
  try {
    return await realpath(name);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    const link = await readlink(name).catch(() => undefined);
    return link === undefined ? name : throughLinks(resolve(dirname(name), link));
  }
}

/** The permissions of the file that is about to be replaced, `undefined` when there is none. */
async function modeOfReplaced(target: string, overwrite: boolean): Promise<number | undefined> {
  const found = await stat(target).catch((error: unknown) => {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  expectFile(found, 'Choose another name.');
  const file = await open(target);
  try {
    checkReplaceable(await readStart(file), overwrite);
  } finally {
    await file.close();
  }
  return found.mode;
}

function checkReplaceable(start: Uint8Array, overwrite: boolean): void {
  const text = Buffer.from(start).toString('utf8');
  const version = peekVersion(start) ?? versionOfText(text);
  if (version !== undefined && version > FORMAT_VERSION) {
    const reason = `the file has format version ${version}, newer than ${FORMAT_VERSION}, and is not overwritten. Update @dml/serialize, or choose another name.`;
    throw new CodecError({ code: 'ERR_NEWER_FORMAT', reason });
  }
  if (overwrite || start.length === 0 || version !== undefined || isModelText(text)) return;
  const reason =
    'the file that is there does not begin like a model file, and is not overwritten. Choose another name, or pass { overwrite: true } to saveModel.';
  throw new CodecError({ code: 'ERR_NOT_A_MODEL_FILE', reason });
}

/** JSON of a later format begins with `{ "$dml": version`. */
function versionOfText(text: string): number | undefined {
  const match = /^\uFEFF?\s*\{\s*"\$dml"\s*:\s*(\d+)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

const isModelText = (text: string): boolean => /^\uFEFF?\s*\{\s*"type"\s*:\s*"/.test(text);

async function writeWhole(target: string, parts: Iterable<Uint8Array>, mode: number | undefined): Promise<void> {
  // The name is short, whatever the length of the target's.
  const temporary = join(dirname(target), `.dml-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      if (mode !== undefined) await file.chmod(mode & 0o777);
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Makes the new name last. Windows and some network file systems cannot open a folder; there the rename must do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  try {
    await handle?.sync();
  } catch (error) {
    if (!isSystemError(error) || !['EPERM', 'EINVAL', 'ENOTSUP', 'EISDIR'].includes(error.code)) throw error;
  } finally {
    await handle?.close();
  }
}

async function readStart(file: FileHandle): Promise<Uint8Array> {
  const start = new Uint8Array(4 * HEADER_BYTES);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  return start.subarray(0, bytesRead);
}

async function readAll(file: FileHandle): Promise<Uint8Array> {
  return new Uint8Array(await file.readFile());
}

function expectFile(found: Stats, advice: string): void {
  if (found.isFile()) return;
  const reason = found.isDirectory() ? 'this is a folder. Name a file.' : `this is no regular file. ${advice}`;
  throw new CodecError({ code: 'ERR_FILE', reason });
}

function pathOf(owner: string, path: unknown): string {
  const isUrl = typeof path === 'object' && path !== null && 'href' in path;
  const given = isUrl ? path.href : path;
  if (typeof given === 'string' && given !== '' && !given.includes('\0')) {
    if (!isUrl) return given;
    if (given.startsWith('file:')) return fileURLToPath(given);
  }
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

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
