// What every rank can compute alone: the contents of every buffer, and so the result of every operation.
import { deepStrictEqual } from 'node:assert';

export const ARRAYS = [
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
];
export const OPS = ['sum', 'prod', 'min', 'max', 'land', 'lor', 'band', 'bor', 'bxor'];
export const LENGTHS = [0, 1, 7];
export const LONG = 100_000;

export const isBig = (Type) => Type === BigInt64Array || Type === BigUint64Array;
export const isFloat = (Type) => Type === Float64Array || Type === Float32Array;

/** Small integers, so that sums are exact in every type and order; zeros among them, for the logical operations. */
export function block(Type, rank, length, salt = 0) {
  const array = new Type(length);
  for (let i = 0; i < length; i++) {
    const value = (7 * rank + 3 * i + salt) % 5;
    array[i] = isBig(Type) ? BigInt(value) : value;
  }
  return array;
}

/** The serial reference, in the arithmetic of the type. */
export function reduced(Type, size, length, op) {
  const result = new Type(length);
  const blocks = Array.from({ length: size }, (_, rank) => block(Type, rank, length));
  for (let i = 0; i < length; i++) {
    let value = blocks[0][i];
    for (let rank = 1; rank < size; rank++) value = combine(value, blocks[rank][i], op, isBig(Type));
    if (op === 'land' || op === 'lor') value = isBig(Type) ? BigInt(Boolean(value)) : Number(Boolean(value));
    result[i] = value;
  }
  return result;
}

const ascending = (a, b) => Number(a - b);

function combine(a, b, op, big) {
  switch (op) {
    case 'sum':
      return a + b;
    case 'prod':
      return a * b;
    case 'min':
      return [a, b].sort(ascending)[0];
    case 'max':
      return [a, b].sort(ascending)[1];
    case 'land':
      return big ? BigInt(Boolean(a && b)) : Number(Boolean(a && b));
    case 'lor':
      return big ? BigInt(Boolean(a || b)) : Number(Boolean(a || b));
    case 'band':
      return a & b;
    case 'bor':
      return a | b;
    default:
      return a ^ b;
  }
}

export function same(actual, expected, what) {
  if (ArrayBuffer.isView(actual) && ArrayBuffer.isView(expected) && actual.constructor === expected.constructor) {
    const [a, b] = [actual, expected].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    if (a.length === b.length && a.every((byte, i) => byte === b[i])) return;
  }
  deepStrictEqual(actual, expected, what && `${what}: found ${show(actual)}, expected ${show(expected)}`);
}

function show(value) {
  const text = ArrayBuffer.isView(value) ? `[${Array.from(value.subarray(0, 12))}]` : String(value);
  return text.slice(0, 200);
}

/** Runs `action` and requires an MpiError with that code. */
export function fails(action, code) {
  try {
    action();
  } catch (error) {
    if (error?.name === 'MpiError' && error.code === code) return error;
    throw error;
  }
  throw new Error(`expected an MpiError with code ${code}, but nothing was thrown`);
}

/** Blocks of uneven lengths, one of them empty. */
export const unevenCounts = (size, unit = 3) =>
  Array.from({ length: size }, (_, rank) => (rank === 1 ? 0 : unit * (rank + 1)));

export function concatenated(Type, counts, salt = 0) {
  const result = new Type(counts.reduce((sum, count) => sum + count, 0));
  let start = 0;
  counts.forEach((count, rank) => {
    result.set(block(Type, rank, count, salt), start);
    start += count;
  });
  return result;
}
