/** What went wrong, in one sentence for people, and the exit code. */

import { UsageError } from './command.js';

/** Facts that errors of the packages carry. */
interface Facts {
  readonly name?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly cause?: unknown;
  readonly row?: unknown;
  readonly path?: unknown;
  readonly expected?: unknown;
  readonly found?: unknown;
}

/** 2 where the command line is wrong, 1 for all else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof UsageError ? 2 : 1;
}

/** Rows count from 1 for people, and from 0 in the packages. */
export function messageOf(error: unknown): string {
  const { name, code, message, cause, row, path, expected, found } = (error ?? {}) as Facts;
  if (code === 'DATA' && typeof row === 'number' && Array.isArray(path)) {
    const column = path.length === 0 ? '' : `, column "${path.join('.')}"`;
    return `row ${row + 1}${column} must be ${expected}, found ${JSON.stringify(found) ?? String(found)}.`;
  }
  // An error of a rank has the error itself as its cause.
  if ((code === 'RANK' || code === 'ERR_REMOTE') && cause !== undefined) return messageOf(cause);
  if (message === undefined) return String(error);
  return isOurs(name) ? message : `${name}: ${message}`;
}

function isOurs(name: string | undefined): boolean {
  return name === 'TableError' || name === 'UsageError' || name === 'Error' || name === undefined;
}
