/** Checks of arguments, made before any communication: an error raised here leaves every rank as it was. */
import { ARRAY_NAMES, FIRST_INTEGER_KIND, kindOf } from '../buffers/arrays.js';
import { ANY_SOURCE, ANY_TAG, type NumericArray, PROC_NULL } from '../contract/messages.js';
import { FIRST_INTEGER_OP, FIRST_LOCATION_OP, REDUCE_OPS } from '../contract/transport.js';
import { MpiError, shown } from '../failures/errors.js';

const MAX_TAG = 32767; // the largest that MPI guarantees
const MAX_COLOR = 2 ** 31 - 1;

/**
 * Number of the array's type.
 * @throws {MpiError} `ERR_BUFFER` for anything else, and for an array whose memory was transferred away
 */
export function arrayKind(value: NumericArray, call: string, name: string): number {
  const kind = kindOf(value);
  if (kind < 0) {
    throw new MpiError(`${name} must be a numeric array (${ARRAY_NAMES.join(', ')}), found ${shown(value)}.`, {
      code: 'ERR_BUFFER',
      call,
    });
  }
  if (value.length === 0) rejectDetached(value, call, name);
  return kind;
}

/**
 * As {@link arrayKind}, for a call that goes on after it has returned.
 * @throws {MpiError} `ERR_BUFFER` also for a resizable buffer, whose memory could go away before the call is over
 */
export function lastingArrayKind(value: NumericArray, call: string, name: string): number {
  const kind = arrayKind(value, call, name);
  const { resizable, growable } = value.buffer as { readonly resizable?: boolean; readonly growable?: boolean };
  if (resizable !== true && growable !== true) return kind; // unknown to ES2022
  throw new MpiError(
    `${name} must not be a view of a resizable buffer: its memory could be released before the call is over.`,
    {
      code: 'ERR_BUFFER',
      call,
    },
  );
}

/** @throws {MpiError} `ERR_BUFFER` when the array's memory was transferred away */
export function rejectDetached(value: NumericArray, call: string, name: string): void {
  try {
    new Uint8Array(value.buffer);
  } catch {
    throw new MpiError(`${name} has lost its memory: its ArrayBuffer was transferred to another thread.`, {
      code: 'ERR_BUFFER',
      call,
    });
  }
}

/** @throws {MpiError} `ERR_BUFFER` when `value` is not an array of that type, or is too short */
export function fittingArray(
  value: NumericArray | null,
  kind: number,
  length: number,
  exact: boolean,
  call: string,
  name: string,
): void {
  const found = arrayKind(value as NumericArray, call, name); // null is refused there
  if (found !== kind) {
    throw new MpiError(`${name} must be a ${ARRAY_NAMES[kind]} like the other buffer, found a ${ARRAY_NAMES[found]}.`, {
      code: 'ERR_BUFFER',
      call,
    });
  }
  const { length: elements } = value as NumericArray; // proven by arrayKind
  if (exact ? elements === length : elements >= length) return;
  throw new MpiError(`${name} must have ${exact ? '' : 'at least '}${length} elements, found ${elements}.`, {
    code: 'ERR_BUFFER',
    call,
  });
}

/** @throws {MpiError} `ERR_BUFFER` when the two arrays share memory */
export function checkApart(send: NumericArray, recv: NumericArray, call: string): void {
  const isApart =
    send.buffer !== recv.buffer ||
    send.byteOffset + send.byteLength <= recv.byteOffset ||
    recv.byteOffset + recv.byteLength <= send.byteOffset;
  if (isApart || send.length === 0 || recv.length === 0) return;
  throw new MpiError('send and recv must not overlap.', { code: 'ERR_BUFFER', call });
}

/** @throws {MpiError} `ERR_ROOT` */
export function checkRoot(root: number, size: number, call: string): void {
  if (Number.isInteger(root) && root >= 0 && root < size) return;
  throw new MpiError(`root must be an integer in 0 … ${size - 1}, found ${shown(root)}.`, { code: 'ERR_ROOT', call });
}

/** @throws {MpiError} `ERR_RANK` */
export function checkRank(rank: number, size: number, anyAllowed: boolean, call: string, name: string): void {
  if (Number.isInteger(rank) && rank >= 0 && rank < size) return;
  if (rank === PROC_NULL || (anyAllowed && rank === ANY_SOURCE)) return;
  const others = anyAllowed ? ', ANY_SOURCE or PROC_NULL' : ' or PROC_NULL';
  throw new MpiError(`${name} must be an integer in 0 … ${size - 1}${others}, found ${shown(rank)}.`, {
    code: 'ERR_RANK',
    call,
  });
}

/** @throws {MpiError} `ERR_TAG` */
export function checkTag(tag: number, anyAllowed: boolean, call: string): void {
  if (Number.isInteger(tag) && tag >= 0 && tag <= MAX_TAG) return;
  if (anyAllowed && tag === ANY_TAG) return;
  throw new MpiError(
    `tag must be an integer in 0 … ${MAX_TAG}${anyAllowed ? ' or ANY_TAG' : ''}, found ${shown(tag)}.`,
    { code: 'ERR_TAG', call },
  );
}

/**
 * Number of the operation.
 * @throws {MpiError} `ERR_OP` for an unknown one, or one that the array's type does not have; `ERR_BUFFER` for a value
 *   without its location
 */
export function operationIndex(op: unknown, kind: number, length: number, call: string): number {
  const index = REDUCE_OPS.indexOf(op as never);
  if (index < 0) {
    throw new MpiError(`op must be one of ${REDUCE_OPS.join(', ')}, found ${shown(op)}.`, { code: 'ERR_OP', call });
  }
  if (index >= FIRST_LOCATION_OP) {
    if (length % 2 === 0) return index;
    throw new MpiError(`op "${REDUCE_OPS[index]}" needs pairs of a value and its location, found ${length} elements.`, {
      code: 'ERR_BUFFER',
      call,
    });
  }
  if (index >= FIRST_INTEGER_OP && kind < FIRST_INTEGER_KIND) {
    const name = REDUCE_OPS[index];
    throw new MpiError(`op "${name}" needs an integer array, found a ${ARRAY_NAMES[kind]}.`, { code: 'ERR_OP', call });
  }
  return index;
}

/**
 * Copies counts into `target`, one per rank.
 * @returns their sum
 * @throws {MpiError} `ERR_COUNT`
 */
export function readCounts(counts: ArrayLike<number> | null, target: Float64Array, call: string): number {
  if (counts === null || counts === undefined || counts.length !== target.length) {
    const found = counts === null || counts === undefined ? shown(counts) : `${counts.length} counts`;
    throw new MpiError(`counts must have one entry per rank, ${target.length} in all, found ${found}.`, {
      code: 'ERR_COUNT',
      call,
    });
  }
  let sum = 0;
  for (let rank = 0; rank < target.length; rank++) {
    const count = counts[rank] as number; // the length was checked
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new MpiError(`counts[${rank}] must be an integer >= 0, found ${shown(count)}.`, {
        code: 'ERR_COUNT',
        call,
      });
    }
    target[rank] = count;
    sum += count;
  }
  return sum;
}

/** @throws {MpiError} `ERR_COUNT` when this rank's buffer does not have the length that its count says */
export function checkCount(count: number | undefined, length: number, rank: number, call: string, name: string): void {
  if (count === length) return;
  throw new MpiError(`${name} must have counts[${rank}] = ${count} elements, found ${length}.`, {
    code: 'ERR_COUNT',
    call,
  });
}

/** @throws {MpiError} `ERR_ARG` */
export function checkSplit(color: number | null, key: number): void {
  if (color !== null && !(Number.isInteger(color) && color >= 0 && color <= MAX_COLOR)) {
    throw new MpiError(`color must be null or an integer in 0 … 2^31 - 1, found ${shown(color)}.`, {
      code: 'ERR_ARG',
      call: 'split',
    });
  }
  checkKey(key, 'split');
}

/** @throws {MpiError} `ERR_ARG` */
export function checkKey(key: number, call: string): void {
  if (Number.isInteger(key) && Math.abs(key) <= MAX_COLOR) return;
  throw new MpiError(`key must be a 32-bit integer, found ${shown(key)}.`, { code: 'ERR_ARG', call });
}
