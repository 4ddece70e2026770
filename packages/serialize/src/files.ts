import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Codec } from './codec.js';
import { CodecError } from './errors.js';
import { FORMAT_VERSION, HEADER_BYTES, hasMagic, peekVersion } from './format.js';
import { type Address, isAddress, loadFromBytes, loadFromSource, type ModelSource } from './load.js';
import { encodeUtf8 } from './text.js';

/**
 * Writes a model to a file, whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the
 * folder. A reader sees the old file or the new one, whatever happens to the machine.
 *
 * @param path   a path or `file:` URL; a name that ends in `.json` gets the readable form, any other the binary form
 * @param model  any value that the codec can write
 * @throws {CodecError} `ERR_NEWER_FORMAT` when the file that is there has a newer format; `ERR_FILE` when the disk
 *   or the folder refuses; whatever `codec.encode` throws, before the disk is touched
 *
 * @example
 * ```ts
 * await saveModel('model.dml', model, codec);
 * const again = await loadModel('model.dml', codec);
 * ```
 */
export async function saveModel(path: Address, model: unknown, codec: Codec): Promise<void> {
  const name = pathOf(path);
  await inFile(name, async () => {
    const parts = name.endsWith('.json') ? [encodeUtf8(codec.stringify(model))] : codec.encodeStream(model);
    // Through a link to the file itself, so that the link stays a link.
    const target = await realpath(name).catch(() => name);
    await refuseNewer(target);
    await writeWhole(target, parts);
  });
}

/**
 * Reads a model from a file, or from bytes that are already at hand.
 *
 * @param source  a path or `file:` URL, or an ArrayBuffer, Uint8Array, Blob, Response or stream of bytes
 * @returns       the value that was saved; the form, binary or JSON, is recognised by its first byte
 * @throws {CodecError} with the name of the file, and the path inside the model
 */
export async function loadModel(source: Address | ModelSource, codec: Codec): Promise<unknown> {
  if (!isAddress(source)) return loadFromSource(source, codec);
  const name = pathOf(source);
  return inFile(name, async () => {
    const file = await open(name);
    try {
      const { size } = await file.stat();
      const start = await readStart(file);
      if (!hasMagic(start)) return loadFromBytes(await readAll(file), codec);
      const pieces = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 18 });
      return await codec.decodeStream(pieces as AsyncIterable<Uint8Array>, { byteLength: size });
    } finally {
      await file.close();
    }
  });
}

async function writeWhole(target: string, parts: Iterable<Uint8Array>): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
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

async function refuseNewer(target: string): Promise<void> {
  const file = await open(target).catch(() => undefined);
  if (file === undefined) return;
  try {
    const start = await readStart(file);
    const version = peekVersion(start) ?? versionOfJson(start);
    if (version === undefined || version <= FORMAT_VERSION) return;
    const reason = `the file has format version ${version}, newer than ${FORMAT_VERSION}, and is not overwritten. Update @dml/serialize, or choose another name.`;
    throw new CodecError({ code: 'ERR_NEWER_FORMAT', reason });
  } finally {
    await file.close();
  }
}

/** JSON of a later format begins with `{ "$dml": version`. */
function versionOfJson(start: Uint8Array): number | undefined {
  const match = /^\uFEFF?\s*\{\s*"\$dml"\s*:\s*(\d+)/.exec(Buffer.from(start).toString('utf8'));
  return match === null ? undefined : Number(match[1]);
}

async function readStart(file: FileHandle): Promise<Uint8Array> {
  const start = new Uint8Array(4 * HEADER_BYTES);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  return start.subarray(0, bytesRead);
}

async function readAll(file: FileHandle): Promise<Uint8Array> {
  return new Uint8Array(await file.readFile());
}

function pathOf(path: Address): string {
  return typeof path === 'string' ? path : fileURLToPath(path.href);
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
