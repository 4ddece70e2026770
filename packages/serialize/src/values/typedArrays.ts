/** The arrays that travel as raw little-endian memory, with their tags of RFC 8746. */

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

export interface TypedArrayKind {
  readonly name: string;
  readonly tag: number;
  readonly elementBytes: number;
  readonly bigint: boolean;
  /** Views all of `buffer`. */
  view(buffer: ArrayBuffer): TypedArray;
}

export const TYPED_ARRAYS: readonly TypedArrayKind[] = [
  { name: 'Uint8Array', tag: 64, elementBytes: 1, bigint: false, view: (b) => new Uint8Array(b) },
  { name: 'Uint8ClampedArray', tag: 68, elementBytes: 1, bigint: false, view: (b) => new Uint8ClampedArray(b) },
  { name: 'Uint16Array', tag: 69, elementBytes: 2, bigint: false, view: (b) => new Uint16Array(b) },
  { name: 'Uint32Array', tag: 70, elementBytes: 4, bigint: false, view: (b) => new Uint32Array(b) },
  { name: 'BigUint64Array', tag: 71, elementBytes: 8, bigint: true, view: (b) => new BigUint64Array(b) },
  { name: 'Int8Array', tag: 72, elementBytes: 1, bigint: false, view: (b) => new Int8Array(b) },
  { name: 'Int16Array', tag: 77, elementBytes: 2, bigint: false, view: (b) => new Int16Array(b) },
  { name: 'Int32Array', tag: 78, elementBytes: 4, bigint: false, view: (b) => new Int32Array(b) },
  { name: 'BigInt64Array', tag: 79, elementBytes: 8, bigint: true, view: (b) => new BigInt64Array(b) },
  { name: 'Float32Array', tag: 85, elementBytes: 4, bigint: false, view: (b) => new Float32Array(b) },
  { name: 'Float64Array', tag: 86, elementBytes: 8, bigint: false, view: (b) => new Float64Array(b) },
];

const byTag = new Map(TYPED_ARRAYS.map((kind) => [kind.tag, kind]));
const byName = new Map(TYPED_ARRAYS.map((kind) => [kind.name, kind]));

export const typedArrayOfTag = (tag: number): TypedArrayKind | undefined => byTag.get(tag);
export const typedArrayOfName = (name: string): TypedArrayKind | undefined => byName.get(name);

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The bytes of an array in the order of the file: the memory itself, except on a big-endian machine. */
export function littleEndianBytes(array: TypedArray, elementBytes: number): Uint8Array {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return LITTLE_ENDIAN ? bytes : swapped(bytes, elementBytes);
}

/** The array whose little-endian bytes fill `buffer`, which it takes over. */
export function fromLittleEndian(kind: TypedArrayKind, buffer: ArrayBuffer): TypedArray {
  if (!LITTLE_ENDIAN) new Uint8Array(buffer).set(swapped(new Uint8Array(buffer), kind.elementBytes));
  return kind.view(buffer);
}

function swapped(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const inElement = i % elementBytes;
    out[i - inElement + (elementBytes - 1 - inElement)] = bytes[i]!;
  }
  return out;
}
