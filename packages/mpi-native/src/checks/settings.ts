/** What the environment says, and how the ranks agree on it: `mpiexec` sets variables on its own host only. */
import { MpiError, shown } from '../failures/errors.js';
import type { Settings } from '../failures/state.js';

/** How long a finished rank waits for ranks that stay in one call, unless `DML_MPI_FINALIZE_TIMEOUT` says otherwise. */
export const FINALIZE_SECONDS = 10;

// Beyond this an int could not count the elements of one call.
const MAX_COUNT = 2 ** 30;
const NUMBERS = [
  { name: 'DML_MPI_CHECK', min: 0, max: 1 },
  { name: 'DML_MPI_WATCHDOG', min: 0, max: Number.MAX_SAFE_INTEGER },
  { name: 'DML_MPI_FINALIZE_TIMEOUT', min: 0, max: Number.MAX_SAFE_INTEGER },
  { name: 'DML_MPI_MAX_COUNT', min: 1, max: MAX_COUNT },
] as const;
const WHOLE = ['DML_MPI_CHECK', 'DML_MPI_MAX_COUNT'];
const CHOICES = ['openmpi', 'mpich', 'self'];
const UNSET = -1;

/** Names of the settings that all ranks share. */
export const SETTINGS: readonly string[] = NUMBERS.map(({ name }) => name);

/**
 * The shared settings of this process, in the order of {@link SETTINGS}; -1 for one that is not set.
 * @throws {MpiError} `ERR_ARG` for a value that a variable cannot have, `DML_MPI` included
 */
export function ownSettings(): Float64Array {
  const { DML_MPI: choice } = process.env;
  if (choice !== undefined && choice !== '' && !CHOICES.includes(choice)) {
    throw wrongSetting('DML_MPI', `one of ${CHOICES.join(', ')}`, choice);
  }
  return Float64Array.from(NUMBERS, ({ name, min, max }) => {
    const text = process.env[name];
    if (text === undefined || text === '') return UNSET;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const isWhole = !WHOLE.includes(name) || Number.isInteger(value);
    if (value >= min && value <= max && isWhole) return value;
    throw wrongSetting(name, `a number in ${min} … ${max}`, text);
  });
}

/**
 * The settings of the job from those of all ranks, one after another. A variable that is set on some ranks holds for all.
 * @throws {MpiError} `ERR_MISMATCH` when two ranks have set a variable to different values
 */
export function sharedSettings(ofRanks: Float64Array): Settings {
  const [check, watchdog, finalize, most] = SETTINGS.map((name, index) => {
    const values = ofRanks.filter((_, at) => at % SETTINGS.length === index);
    const first = values.findIndex((value) => value !== UNSET);
    const other = values.findIndex((value) => value !== UNSET && value !== values[first]);
    if (other >= 0) {
      throw new MpiError(
        `${name} is ${values[first]} on rank ${first} and ${values[other]} on rank ${other}: set it to one value, or on one host only.`,
        { code: 'ERR_MISMATCH', call: 'getWorld' },
      );
    }
    return values[first];
  });
  return {
    checking: check === 1,
    watchdogSeconds: watchdog ?? 0,
    finalizeSeconds: finalize,
    maxCount: most ?? MAX_COUNT,
  };
}

function wrongSetting(name: string, expected: string, found: string): MpiError {
  return new MpiError(`the environment variable ${name} must be ${expected}, found ${shown(found)}.`, {
    code: 'ERR_ARG',
    call: 'getWorld',
  });
}
