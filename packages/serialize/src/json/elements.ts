/** The elements of a typed array as JSON: the kind is known, so a string can stand for what JSON numbers cannot say. */
import type { TypedArray, TypedArrayKind } from '../values/typedArrays.js';
import { numberText } from './words.js';

/** A NaN with other bits than the usual ones is written with them: `"NaN:7ff8000000000001"`. */
interface NanBits {
  readonly usual: bigint;
  readonly digits: number;
  /** The same memory as integers. */
  bitsOf(array: TypedArray): BigUint64Array | Uint32Array;
}

const NAN_BITS: Readonly<Record<string, NanBits>> = {
  Float32Array: {
    usual: 0x7fc0_0000n,
    digits: 8,
    bitsOf: (array) => new Uint32Array(array.buffer, array.byteOffset, array.length),
  },
  Float64Array: {
    usual: 0x7ff8_0000_0000_0000n,
    digits: 16,
    bitsOf: (array) => new BigUint64Array(array.buffer, array.byteOffset, array.length),
  },
};

/** One element as JSON. */
export function elementText(array: TypedArray, i: number): string {
  const value = array[i]!;
  if (Number.isFinite(value)) return numberText(value as number);
  return `"${Number.isNaN(value) ? nanText(array, i) : value}"`;
}

function nanText(array: TypedArray, i: number): string {
  const { usual, digits, bitsOf } = NAN_BITS[`Float${8 * array.BYTES_PER_ELEMENT}Array`]!;
  const bits = BigInt(bitsOf(array)[i]!);
  return bits === usual ? 'NaN' : `NaN:${bits.toString(16).padStart(digits, '0')}`;
}

/** Stores the elements that were read. Returns the index of the first that the array cannot hold, or -1. */
export function fillElements(kind: TypedArrayKind, out: TypedArray, elements: readonly (number | string)[]): number {
  return elements.findIndex((element, i) => {
    if (typeof element === 'string') return !fillText(kind, out, i, element);
    if (kind.bigint || typeof element !== 'number') return true;
    out[i] = element;
    // The array itself knows what fits: what it stores differs from what was asked for when it does not. Single precision
    // rounds what a person wrote, such as 0.1.
    return kind.name === 'Float32Array' ? !Number.isFinite(out[i]) : !Object.is(out[i], element);
  });
}

function fillText(kind: TypedArrayKind, out: TypedArray, i: number, text: string): boolean {
  if (kind.bigint) {
    if (!/^(0|-?[1-9]\d{0,19})$/.test(text)) return false;
    out[i] = BigInt(text);
    return out[i] === BigInt(text);
  }
  const nan = NAN_BITS[kind.name];
  if (nan === undefined) return false;
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') {
    out[i] = Number(text);
    return true;
  }
  if (!/^NaN:[0-9a-f]+$/.test(text) || text.length !== nan.digits + 4) return false;
  const bits = BigInt(`0x${text.slice(4)}`);
  const memory = nan.bitsOf(out);
  memory[i] = typeof memory[i] === 'bigint' ? bits : Number(bits);
  return Number.isNaN(out[i]) && bits !== nan.usual;
}
