/** Starting and ending MPI in this process. */

import { Frame } from '../buffers/frame.js';
import { WRONG_TYPE } from '../buffers/receipt.js';
import { FINALIZE_SECONDS } from '../checks/settings.js';
import { CLOSE_REASONS, type CreateError } from '../contract/native.js';
import { MpiError, shown } from '../failures/errors.js';
import { endSilently, pause } from '../failures/failure.js';
import type { CloseFailure, JobSession, Settings, StartedJob } from '../failures/state.js';
import type { Launcher } from '../launcher.js';
import { loadMpi } from '../load.js';
import { type MpiPlace, MpiTransport } from './mpi.js';

// Ranks on other hosts cannot be seen computing, so they get longer.
const FINALIZE_SECONDS_UNSEEN = 600;
const DELAY_OTHER_RANKS_MS = 2000;
const createError: CreateError = (code, call, rawCode, detail) => {
  const message = code === 'ERR_TYPE' ? WRONG_TYPE : (detail.split('\n', 1)[0] ?? code);
  return new MpiError(message, { code, call, rawCode, detail });
};

/**
 * Loads and initializes MPI.
 * @throws {MpiError} `ERR_NO_MPI`, `ERR_NO_ADDON`, `ERR_LAUNCHER_MISMATCH`
 */
export function startMpi(launcher: Launcher | null, watchdogSeconds: number): StartedJob {
  try {
    return start(launcher, watchdogSeconds);
  } catch (error) {
    // Every rank fails here with the same error and cannot reach the others: they give rank 0 the time to print it.
    if (launcher !== null && launcher.rank > 0) {
      pause(DELAY_OTHER_RANKS_MS);
      if (error instanceof MpiError && error.code === 'ERR_LAUNCHER_MISMATCH') endSilently(error);
    }
    throw error;
  }
}

function start(launcher: Launcher | null, watchdogSeconds: number): StartedJob {
  const { native, family, path } = loadMpi(launcher);
  const place: MpiPlace = { native, frame: new Frame(), maxCount: 1 };
  const world = native.init(createError, place.frame.words, watchdogSeconds, launcher?.isOneHost ?? false);
  if (launcher?.size !== undefined && launcher.size > 1 && world.size === 1) {
    throw new MpiError(
      `the launcher started ${launcher.size} processes (${launcher.variable} is set), but ${path} (${family}) sees one: ` +
        'launcher and library belong to different MPI installations. Use the mpiexec of that library, set ' +
        `DML_MPI=${family === 'openmpi' ? 'mpich' : 'openmpi'}, or name the right library in DML_MPI_LIB ` +
        `(DML_MPI is ${shown(process.env.DML_MPI)}).`,
      { code: 'ERR_LAUNCHER_MISMATCH', call: 'getWorld' },
    );
  }
  let limits: readonly [number, number] = [FINALIZE_SECONDS, FINALIZE_SECONDS_UNSEEN];
  const session: JobSession = {
    active: () => native.active(),
    isOver: () => !native.active(),
    close: () => {
      const failure = native.close(...limits);
      // The number is an index that the native layer keeps in range.
      return failure && { ...failure, reason: CLOSE_REASONS[failure.reason] as CloseFailure['reason'] };
    },
    claimReport: () => native.claimReport(),
    abort: (code) => native.abort(code),
  };
  const configure = (settings: Settings): void => {
    place.maxCount = settings.maxCount;
    if (settings.finalizeSeconds !== undefined) limits = [settings.finalizeSeconds, settings.finalizeSeconds];
    native.configure(settings.maxCount, settings.watchdogSeconds);
  };
  return { transport: new MpiTransport(place, world), session, configure };
}
