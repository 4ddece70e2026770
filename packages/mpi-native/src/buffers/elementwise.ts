import type { NumericArray } from '../contract/messages.js';
import { FIRST_LOCATION_OP } from '../contract/transport.js';

/**
 * `target[i] = target[i] op source[i]`, in the arithmetic of the arrays' type: integers wrap around.
 * @param op  index into `REDUCE_OPS`
 */
export function reduceInto(target: NumericArray, source: NumericArray, op: number): void {
  if (op >= FIRST_LOCATION_OP) locate(target, source, op === FIRST_LOCATION_OP);
  else if (target instanceof BigInt64Array || target instanceof BigUint64Array) {
    reduceBigInts(target, source as BigInt64Array | BigUint64Array, op);
  } else {
    reduceNumbers(target, source as Numbers, op);
  }
}

/** Turns the values of a logical reduction over one rank into 0 and 1: MPI libraries do not change them. */
export function normalizeLogical(target: NumericArray, op: number): void {
  if (op !== LAND && op !== LOR) return;
  if (target instanceof BigInt64Array || target instanceof BigUint64Array) {
    for (let i = 0; i < target.length; i++) target[i] = target[i] ? 1n : 0n;
  } else {
    for (let i = 0; i < target.length; i++) target[i] = target[i] ? 1 : 0;
  }
}

/** Elements that belong together: pairs of a value and its location, or single ones. */
export function elementsOf(op: number): number {
  return op >= FIRST_LOCATION_OP ? 2 : 1;
}

/** Keeps the pair that wins, as the native layer does: a NaN, else the better value, else the lower location. */
function locate(a: NumericArray, b: NumericArray, isMin: boolean): void {
  for (let i = 0; i < a.length; i += 2) {
    const [mine, theirs] = [a[i]!, b[i]!];
    const [isMineNaN, isTheirsNaN] = [Number.isNaN(mine), Number.isNaN(theirs)];
    const isTie = mine === theirs || (isMineNaN && isTheirsNaN);
    const isBetter = isMin ? theirs < mine : theirs > mine;
    const wins = isTie ? b[i + 1]! < a[i + 1]! : isTheirsNaN || (!isMineNaN && isBetter);
    if (!wins) continue;
    a[i] = b[i] as never; // of one type
    a[i + 1] = b[i + 1] as never;
  }
}

type Numbers = Exclude<NumericArray, BigInt64Array | BigUint64Array>;

const [SUM, PROD, MIN, MAX, LAND, LOR, BAND, BOR] = [0, 1, 2, 3, 4, 5, 6, 7];

function reduceNumbers(a: Numbers, b: Numbers, op: number): void {
  const n = a.length;
  // A product of 32-bit integers does not fit a double; only its low 32 bits are wanted.
  const isWide = a instanceof Int32Array || a instanceof Uint32Array;
  if (op === SUM) for (let i = 0; i < n; i++) a[i] = a[i]! + b[i]!;
  else if (op === PROD && isWide) for (let i = 0; i < n; i++) a[i] = Math.imul(a[i]!, b[i]!);
  else if (op === PROD) for (let i = 0; i < n; i++) a[i] = a[i]! * b[i]!;
  else if (op === MIN) for (let i = 0; i < n; i++) a[i] = Math.min(a[i]!, b[i]!);
  else if (op === MAX) for (let i = 0; i < n; i++) a[i] = Math.max(a[i]!, b[i]!);
  else if (op === LAND) for (let i = 0; i < n; i++) a[i] = a[i] && b[i] ? 1 : 0;
  else if (op === LOR) for (let i = 0; i < n; i++) a[i] = a[i] || b[i] ? 1 : 0;
  else if (op === BAND) for (let i = 0; i < n; i++) a[i] = a[i]! & b[i]!;
  else if (op === BOR) for (let i = 0; i < n; i++) a[i] = a[i]! | b[i]!;
  else for (let i = 0; i < n; i++) a[i] = a[i]! ^ b[i]!;
}

function reduceBigInts(a: BigInt64Array | BigUint64Array, b: BigInt64Array | BigUint64Array, op: number): void {
  const n = a.length;
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (op === SUM) a[i] = x + y;
    else if (op === PROD) a[i] = x * y;
    // biome-ignore lint/complexity/useMathMinMax: Math.min takes no BigInt
    else if (op === MIN) a[i] = y < x ? y : x;
    // biome-ignore lint/complexity/useMathMinMax: Math.max takes no BigInt
    else if (op === MAX) a[i] = y > x ? y : x;
    else if (op === LAND) a[i] = x && y ? 1n : 0n;
    else if (op === LOR) a[i] = x || y ? 1n : 0n;
    else if (op === BAND) a[i] = x & y;
    else if (op === BOR) a[i] = x | y;
    else a[i] = x ^ y;
  }
}
