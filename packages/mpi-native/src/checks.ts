/** Checks of arguments, made before any communication: an error raised here leaves every rank as it was. */
import { ARRAY_NAMES, FIRST_INTEGER_KIND, kindOf } from './arrays.js';
import { ANY_SOURCE, ANY_TAG, type NumericArray, type ReduceOp } from './communicator.js';
import { MpiError, shown } from './errors.js';
import { FIRST_INTEGER_OP, REDUCE_OPS } from './transport.js';

const LARGEST_TAG = 32767; // the largest that MPI guarantees
const LARGEST_COLOR = 2 ** 31 - 1;

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

function rejectDetached(value: NumericArray, call: string, name: string): void {
  try {
    new Uint8Array(value.buffer);
  } catch {
    throw new MpiError(`${name} has lost its memory: its ArrayBuffer was transferred to another thread.`, {
      code: 'ERR_BUFFER',
      call,
    });
  }
}

/** @throws {MpiError} `ERR_BUFFER` when `value` is no array of that type or is shorter than `length` */
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

/** @throws {MpiError} `ERR_ROOT` */
export function checkRoot(root: number, size: number, call: string): void {
  if (Number.isInteger(root) && root >= 0 && root < size) return;
  throw new MpiError(`root must be an integer in 0 … ${size - 1}, found ${shown(root)}.`, { code: 'ERR_ROOT', call });
}

/** @throws {MpiError} `ERR_RANK` */
export function checkRank(rank: number, size: number, anyAllowed: boolean, call: string, name: string): void {
  if (Number.isInteger(rank) && rank >= 0 && rank < size) return;
  if (anyAllowed && rank === ANY_SOURCE) return;
  const orAny = anyAllowed ? ' or ANY_SOURCE' : '';
  throw new MpiError(`${name} must be an integer in 0 … ${size - 1}${orAny}, found ${shown(rank)}.`, {
    code: 'ERR_RANK',
    call,
  });
}

/** @throws {MpiError} `ERR_TAG` */
export function checkTag(tag: number, anyAllowed: boolean, call: string): void {
  if (Number.isInteger(tag) && tag >= 0 && tag <= LARGEST_TAG) return;
  if (anyAllowed && tag === ANY_TAG) return;
  throw new MpiError(
    `tag must be an integer in 0 … ${LARGEST_TAG}${anyAllowed ? ' or ANY_TAG' : ''}, found ${shown(tag)}.`,
    { code: 'ERR_TAG', call },
  );
}

/**
 * Number of the operation.
 * @throws {MpiError} `ERR_OP` for an unknown one, or one that the array's type does not have
 */
export function operationIndex(op: ReduceOp, kind: number, call: string): number {
  const index = REDUCE_OPS.indexOf(op);
  if (index < 0) {
    throw new MpiError(`op must be one of ${REDUCE_OPS.join(', ')}, found ${shown(op)}.`, { code: 'ERR_OP', call });
  }
  if (index >= FIRST_INTEGER_OP && kind < FIRST_INTEGER_KIND) {
    throw new MpiError(`op "${op}" needs an integer array, found a ${ARRAY_NAMES[kind]}.`, { code: 'ERR_OP', call });
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

/** @throws {MpiError} `ERR_ARG` */
export function checkSplit(color: number | null, key: number): void {
  if (color !== null && !(Number.isInteger(color) && color >= 0 && color <= LARGEST_COLOR)) {
    throw new MpiError(`color must be null or an integer in 0 … 2^31 - 1, found ${shown(color)}.`, {
      code: 'ERR_ARG',
      call: 'split',
    });
  }
  if (!Number.isInteger(key) || Math.abs(key) > LARGEST_COLOR) {
    throw new MpiError(`key must be a 32-bit integer, found ${shown(key)}.`, { code: 'ERR_ARG', call: 'split' });
  }
}
