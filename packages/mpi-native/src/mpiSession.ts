/** Starting and ending MPI in this process. */
import { MpiError, shown } from './errors.js';
import { endSilently, pause } from './failure.js';
import { Frame } from './frame.js';
import type { Launcher } from './launcher.js';
import { loadMpi } from './load.js';
import { MpiTransport } from './mpi.js';
import type { CreateError } from './native.js';
import { FINALIZE_SECONDS, numberSetting } from './settings.js';
import type { JobSession } from './state.js';

// Beyond this an int could not count the elements of one call.
const LARGEST_COUNT = 2 ** 30;
// Ranks on other hosts cannot be seen computing, so they get longer.
const FINALIZE_SECONDS_UNSEEN = 600;
const DELAY_OTHER_RANKS_MS = 2000;
const createError: CreateError = (code, call, rawCode, detail) =>
  new MpiError(detail.split('\n', 1)[0] ?? code, { code, call, rawCode, detail });

/**
 * Loads and initializes MPI.
 * @throws {MpiError} `ERR_NO_MPI`, `ERR_NO_ADDON`, `ERR_LAUNCHER_MISMATCH`
 */
export function startMpi(launcher: Launcher | null): { transport: MpiTransport; session: JobSession } {
  try {
    return start(launcher);
  } catch (error) {
    // Ranks fail alike here, and do not know each other: the others give rank 0 the time to speak.
    if (launcher !== null && launcher.rank > 0) {
      pause(DELAY_OTHER_RANKS_MS);
      if (error instanceof MpiError && error.code === 'ERR_LAUNCHER_MISMATCH') endSilently(error);
    }
    throw error;
  }
}

function start(launcher: Launcher | null): { transport: MpiTransport; session: JobSession } {
  const maxCount = numberSetting('DML_MPI_MAX_COUNT', LARGEST_COUNT, 1, LARGEST_COUNT);
  const watchdogSeconds = numberSetting('DML_MPI_WATCHDOG', 0, 0, Number.MAX_SAFE_INTEGER);
  const limit = numberSetting('DML_MPI_FINALIZE_TIMEOUT', FINALIZE_SECONDS, 0, Number.MAX_SAFE_INTEGER);
  const limitUnseen = process.env.DML_MPI_FINALIZE_TIMEOUT === undefined ? FINALIZE_SECONDS_UNSEEN : limit;

  const { native, family, path } = loadMpi(launcher);
  const frame = new Frame();
  const world = native.init(createError, frame.words, maxCount, watchdogSeconds, launcher?.isOneHost ?? false);
  if (launcher?.size !== undefined && launcher.size > 1 && world.size === 1) {
    throw new MpiError(
      `the launcher started ${launcher.size} processes (${launcher.variable} is set), but ${path} (${family}) sees one: ` +
        'launcher and library belong to different MPI installations. Use the mpiexec of that library, set ' +
        `DML_MPI=${family === 'openmpi' ? 'mpich' : 'openmpi'}, or name the right library in DML_MPI_LIB ` +
        `(DML_MPI is ${shown(process.env.DML_MPI)}).`,
      { code: 'ERR_LAUNCHER_MISMATCH', call: 'getWorld' },
    );
  }
  const session: JobSession = {
    active: () => native.active(),
    close: () => native.close(limit, limitUnseen),
    claimReport: () => native.claimReport(),
    abort: (code) => native.abort(code),
  };
  return { transport: new MpiTransport(native, frame, world), session };
}
