/**
 * Checkpoint files: one line of JSON that describes the rest, then the state of the fit as the codec writes it. A file is
 * whole or not there: temporary file, fsync, rename, fsync of the folder.
 */
import { createHash } from 'node:crypto';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CheckpointError } from '../errors.js';
import type { Codec } from '../ports.js';

/** Where and how often the root saves the state of a fit. */
export interface CheckpointOptions {
  /** The file of the newest checkpoint; `path.1` is the one before. Read and written on the root only. */
  readonly path: string;
  /** Saves after every so many M steps. Default 10. */
  readonly everyIterations?: number;
  /** How many checkpoints to keep. Default 2. */
  readonly keep?: number;
  /**
   * Goes on from the newest whole checkpoint if there is one. Default false: starts from the beginning, and keeps old
   * checkpoints as older ones.
   */
  readonly resume?: boolean;
  /** Ends the fit when a checkpoint cannot be written. Default false: a warning, and the fit goes on. */
  readonly required?: boolean;
}

const FORMAT = 1;

/** The first line of a file. */
interface Header {
  readonly dmlCheckpoint: number;
  readonly codec: string;
  readonly bytes: number;
  readonly sha256: string;
}

function digestOf(payload: Uint8Array): string {
  return createHash('sha256').update(payload).digest('hex');
}

function olderPath(path: string, age: number): string {
  return age === 0 ? path : `${path}.${age}`;
}

/** Writes a checkpoint and moves older ones down. @throws when the disk refuses */
export async function writeCheckpoint(path: string, keep: number, codec: Codec, state: unknown): Promise<void> {
  const payload = codec.encode(state);
  const header: Header = {
    dmlCheckpoint: FORMAT,
    codec: codec.id,
    bytes: payload.length,
    sha256: digestOf(payload),
  };
  // Always the same name, so that a job killed here leaves one file, which the next job writes over.
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(`${JSON.stringify(header)}\n`);
      await file.writeFile(payload);
      await file.sync();
    } finally {
      await file.close();
    }
    // A kill between these renames leaves no file at `path`; `readCheckpoint` then takes the next older one.
    for (let age = keep - 1; age >= 1; age--) await renameIfThere(olderPath(path, age - 1), olderPath(path, age));
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ENOENT';
}

/** @throws {CheckpointError} for a file at `path` that no fit has written */
export async function refuseForeign(path: string): Promise<void> {
  try {
    headerOf(path, await readFile(path));
  } catch (error) {
    if (!isMissing(error) && !(error instanceof DamagedError)) throw error;
  }
}

/** What is left of earlier checkpoints. */
export interface FoundCheckpoint {
  /** Of the newest whole one; checked and not yet decoded. */
  readonly payload: Uint8Array;
  /** Newer files, of which a part is missing or changed. */
  readonly damaged: readonly string[];
}

/**
 * The newest checkpoint that is whole; `undefined` when there are no files.
 * @throws {CheckpointError} when all are damaged, and for one that another codec or a newer version wrote
 */
export async function readCheckpoint(path: string, keep: number, codec: Codec): Promise<FoundCheckpoint | undefined> {
  const damaged: string[] = [];
  let damage: CheckpointError | undefined;
  for (let age = 0; age < Math.max(keep, 2); age++) {
    const file = olderPath(path, age);
    try {
      return { payload: payloadOf(file, await readFile(file), codec), damaged };
    } catch (error) {
      if (isMissing(error)) continue;
      if (!(error instanceof DamagedError)) throw error;
      damage ??= error;
      damaged.push(file);
    }
  }
  if (damage !== undefined) throw damage;
  return undefined;
}

/** Moves damaged files out of the way of new checkpoints, and says so. */
export async function setAside(path: string, { damaged }: FoundCheckpoint): Promise<void> {
  for (const file of damaged) {
    await rename(file, `${file}.damaged`);
    process.emitWarning(
      `the checkpoint ${file} is damaged. It is kept as ${file}.damaged, and the fit goes on from the newest whole checkpoint of ${path}.`,
      'CheckpointWarning',
    );
  }
}

/** A checkpoint of which a part is missing or changed. */
class DamagedError extends CheckpointError {
  constructor(file: string, found: string) {
    super(
      `${file} is damaged: ${found}, and there is no older checkpoint that is whole. Delete it to start from the beginning.`,
    );
  }
}

/** How every checkpoint begins. */
const BEGINNING = '{"dmlCheckpoint":';

function headerOf(file: string, bytes: Uint8Array): { readonly header: Header; readonly end: number } {
  const end = bytes.indexOf(0x0a);
  const line = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  const header = end < 0 ? undefined : parseHeader(line);
  if (header !== undefined) return { header, end };
  if (line.startsWith(BEGINNING) || (end < 0 && BEGINNING.startsWith(line))) {
    throw new DamagedError(file, `found ${bytes.length} bytes without a whole first line`);
  }
  throw new CheckpointError(`${file} is not a checkpoint. Choose another path, or delete the file.`);
}

function payloadOf(file: string, bytes: Uint8Array, codec: Codec): Uint8Array {
  const { header, end } = headerOf(file, bytes);
  if (header.dmlCheckpoint !== FORMAT) {
    throw new CheckpointError(`${file} has checkpoint format ${header.dmlCheckpoint}, this version reads ${FORMAT}.`);
  }
  const payload = bytes.subarray(end + 1);
  if (payload.length !== header.bytes || digestOf(payload) !== header.sha256) {
    const found = payload.length === header.bytes ? 'other contents' : `${payload.length} bytes`;
    throw new DamagedError(file, `expected ${header.bytes} bytes with their checksum, found ${found}`);
  }
  if (header.codec !== codec.id) {
    throw new CheckpointError(`${file} was written with codec "${header.codec}", this fit has "${codec.id}".`);
  }
  return payload;
}

function parseHeader(line: string): Header | undefined {
  try {
    const header: unknown = JSON.parse(line);
    if (typeof header !== 'object' || header === null) return undefined;
    const { dmlCheckpoint, codec, bytes, sha256 } = header as Partial<Header>;
    const isHeader = typeof dmlCheckpoint === 'number' && typeof bytes === 'number';
    return isHeader && typeof codec === 'string' && typeof sha256 === 'string'
      ? { dmlCheckpoint, codec, bytes, sha256 }
      : undefined;
  } catch {
    return undefined;
  }
}
