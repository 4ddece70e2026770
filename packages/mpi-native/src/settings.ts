import { MpiError, shown } from './errors.js';

/** How long a finished rank waits for ranks that stay in one call, unless `DML_MPI_FINALIZE_TIMEOUT` says otherwise. */
export const FINALIZE_SECONDS = 10;

/**
 * A number from an environment variable.
 * @throws {MpiError} `ERR_ARG` when the variable is set to anything but a number in `min … max`
 */
export function numberSetting(name: string, fallback: number, min: number, max: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (value >= min && value <= max) return value;
  throw new MpiError(`the environment variable ${name} must be a number in ${min} … ${max}, found ${shown(text)}.`, {
    code: 'ERR_ARG',
    call: 'getWorld',
  });
}
