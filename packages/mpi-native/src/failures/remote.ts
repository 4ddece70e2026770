/** How the failure of one rank reaches the others. */
import { MpiError } from './errors.js';

/** Why a value did not travel. `error` is known on the rank where it happened only. */
export interface Failure {
  readonly error: unknown;
  readonly origin: number;
}

/** The error of a rank that learns of a failure; on the rank where it happened it has the cause. */
export function remoteError(failure: Failure | null, origin: number, call: string): MpiError {
  const cause = failure?.error;
  if (cause === undefined) {
    return new MpiError(`rank ${origin} failed; its own message says why.`, { code: 'ERR_REMOTE', call });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MpiError(`rank ${origin} failed: ${reason}`, { code: 'ERR_REMOTE', call, cause });
}
