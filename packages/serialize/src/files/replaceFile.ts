import { createHash, randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, readdir, readlink, realpath, rename, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { CodecError } from '../errors.js';
import { isSystemError } from './systemError.js';

/** Ends the work when the file that is there may not be replaced. */
export type ReplaceCheck = (there: FileHandle) => Promise<void>;

/** Links are followed one call after the other, so that the calls for one file keep their order. */
let following: Promise<unknown> = Promise.resolve();

/** The last call for each file that is being written. */
const writing = new Map<string, Promise<unknown>>();

/**
 * Puts a file in the place of another one, whole or not at all: a temporary file in the same folder, fsync, rename, fsync of
 * the folder. A link stays a link, and the file keeps its permissions and its owner. Calls for one file are done in their
 * order.
 */
export async function replaceFile(name: string, parts: Iterable<Uint8Array>, check: ReplaceCheck): Promise<void> {
  const followed = following.then(() => throughLinks(name));
  following = followed.catch(() => undefined);
  const target = await followed;
  const before = writing.get(target) ?? Promise.resolve();
  const done = before.then(async () => writeWhole(target, parts, await replaced(target, check)));
  const settled = done.catch(() => undefined);
  writing.set(target, settled);
  try {
    await done;
  } finally {
    if (writing.get(target) === settled) writing.delete(target);
  }
}

/** Where a path leads, so that a link stays a link. The file itself need not be there. */
async function throughLinks(name: string): Promise<string> {
  try {
    return await realpath(name);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  }
  const link = await readlink(name).catch(() => undefined);
  if (link !== undefined) return throughLinks(resolve(dirname(name), link));
  const folder = await realpath(dirname(name)).catch((cause: unknown) => {
    if (!isSystemError(cause) || cause.code !== 'ENOENT') throw cause;
    const reason = `the folder ${JSON.stringify(dirname(name))} does not exist. Create it first.`;
    throw new CodecError({ code: 'ERR_FILE', reason, cause });
  });
  return join(folder, basename(name));
}

/** What is known of the file that is about to be replaced, `undefined` when there is none. */
async function replaced(target: string, check: ReplaceCheck): Promise<Stats | undefined> {
  const found = await stat(target).catch((error: unknown) => {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  expectFile(found, 'Choose another name.');
  const file = await open(target);
  try {
    await check(file);
  } finally {
    await file.close();
  }
  return found;
}

/** @throws {CodecError} `ERR_FILE` for a folder, device or pipe */
export function expectFile(found: Stats, advice: string): void {
  if (found.isFile()) return;
  const reason = found.isDirectory() ? 'this is a folder. Name a file.' : `this is not a regular file. ${advice}`;
  throw new CodecError({ code: 'ERR_FILE', reason });
}

async function writeWhole(target: string, parts: Iterable<Uint8Array>, old: Stats | undefined): Promise<void> {
  const folder = dirname(target);
  await removeLeftovers(folder, target);
  const temporary = join(
    folder,
    `${leftoverStart(target)}${process.pid}-${HOST}-${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    const file = await open(temporary, 'wx');
    try {
      if (old !== undefined) await keepOwner(file, old);
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
  await syncFolder(folder);
}

/** Only a privileged process may give a file away; for any other one the new file is its own. */
async function keepOwner(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(uid, gid).catch((error: unknown) => {
      if (!isSystemError(error) || !['EPERM', 'EINVAL', 'ENOSYS'].includes(error.code)) throw error;
    });
  }
  await file.chmod(mode & 0o777);
}

/** Names are short, whatever the length of the target's. */
const MAX_START = 200;

/** Processes of other machines may write to the same folder. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** A writer that died left its temporary file at least this long ago, in milliseconds, when nothing else is known of it. */
const ABANDONED = 3_600_000;

/** How the names of the temporary files of this target begin. */
function leftoverStart(target: string): string {
  let name = basename(target);
  while (Buffer.byteLength(name) > MAX_START) name = name.slice(0, -1);
  return `.${name}.`;
}

/** Removes the temporary files of writers that were killed. What cannot be removed stays: the model is more important. */
async function removeLeftovers(folder: string, target: string): Promise<void> {
  const start = leftoverStart(target);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(start)) continue;
    const writer = /^(\d+)-([0-9a-f]{8})-[0-9a-f]{8}\.tmp$/.exec(name.slice(start.length));
    if (writer === null) continue;
    const path = join(folder, name);
    const isDead = writer[2] === HOST && !isAlive(Number(writer[1]));
    const found = isDead ? undefined : await stat(path).catch(() => undefined);
    if (isDead || (found !== undefined && Date.now() - found.mtimeMs > ABANDONED)) {
      await unlink(path).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
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
