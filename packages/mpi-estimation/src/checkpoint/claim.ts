/** One job at a time writes to the files of a checkpoint: a lock file beside them names the process that does. */
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { CheckpointError } from '../errors.js';
import type { Communicator } from '../ports.js';
import { attemptAsync, fromRoot } from '../ranks/exchange.js';

/** The process that holds a lock. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process started, as the system reports it, since process numbers are used again. Absent where it is not known. */
  readonly started?: string;
}

/**
 * Collective, before any work: the root makes sure that it can write checkpoints, and that no other job does.
 * @throws {RankError} on every rank, for a folder that is missing or cannot be written, or a path that is in use
 */
export async function claimCheckpoint(comm: Communicator, path: string): Promise<{ release(): void }> {
  const isRoot = comm.rank === 0;
  const claim = async () => {
    await checkFolder(path);
    lock(path);
    return null;
  };
  fromRoot(comm, isRoot ? await attemptAsync(claim) : undefined);
  return {
    release() {
      try {
        if (isRoot) unlinkSync(lockOf(path));
      } catch {
        // The folder is gone. A lock that stays names a process that has ended, and is taken over.
      }
    },
  };
}

async function checkFolder(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CheckpointError(`checkpoint: the folder ${folder} cannot be written: ${reason}.`, { cause: error });
  }
}

const lockOf = (path: string): string => `${path}.lock`;

function lock(path: string): void {
  const file = lockOf(path);
  const started = entryOf(process.pid)?.started;
  const own: Owner = { host: hostname(), pid: process.pid, ...(started === undefined ? {} : { started }) };
  const holder = ownerOf(file);
  if (holder !== undefined) {
    const who = `process ${holder.pid} on ${holder.host}`;
    if (holder.host !== own.host) {
      process.emitWarning(
        `the checkpoint ${path} was last written by ${who}, and from here it is not known whether that job still runs. If it does, stop one of the two.`,
        'CheckpointWarning',
      );
    } else if (isAlive(holder)) {
      throw new CheckpointError(
        `the checkpoint ${path} is in use by ${who}. Choose another path, or wait until that fit has ended.`,
      );
    }
    unlinkSync(file); // left by a job that was killed
  }
  try {
    writeFileSync(file, JSON.stringify(own), { flag: 'wx' });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    throw new CheckpointError(`the checkpoint ${path} was claimed by another job just now.`, { cause: error });
  }
}

/** The owner that a lock names; for a lock that is not whole, a process that does not exist. */
function ownerOf(file: string): Owner | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<Owner>;
    if (typeof host === 'string' && Number.isInteger(pid)) {
      return { host, pid: pid!, ...(typeof started === 'string' ? { started } : {}) };
    }
  } catch {
    // Not whole: its writer was killed.
  }
  return { host: hostname(), pid: -1 };
}

function isAlive({ pid, started }: Owner): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // The process of another user exists, too.
    if ((error as { code?: unknown }).code !== 'EPERM') return false;
  }
  const entry = entryOf(pid);
  if (entry === undefined) return true; // not Linux, or gone this very moment
  // A process that has ended stays in the table until its parent has asked for its exit code.
  return entry.state !== 'Z' && (started === undefined || started === entry.started);
}

/** State and start time of a process on Linux: fields 3 and 22 of its entry, counted after the name, which may be anything. */
function entryOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
