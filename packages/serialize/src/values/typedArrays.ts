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

interface TypedArrayClass {
  readonly name: string;
  readonly prototype: TypedArray;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): TypedArray;
}

export interface TypedArrayKind {
  readonly name: string;
  readonly tag: number;
  readonly prototype: TypedArray;
  readonly elementBytes: number;
  readonly bigint: boolean;
  /** Views all of `buffer`. */
  view(buffer: ArrayBuffer): TypedArray;
}

const CLASSES: readonly (readonly [tag: number, TypedArrayClass])[] = [
  [64, Uint8Array],
  [68, Uint8ClampedArray],
  [69, Uint16Array],
  [70, Uint32Array],
  [71, BigUint64Array],
  [72, Int8Array],
  [77, Int16Array],
  [78, Int32Array],
  [79, BigInt64Array],
  [85, Float32Array],
  [86, Float64Array],
];

export const TYPED_ARRAYS: readonly TypedArrayKind[] = CLASSES.map(([tag, type]) => ({
  name: type.name,
  tag,
  prototype: type.prototype,
  elementBytes: type.BYTES_PER_ELEMENT,
  bigint: type.name.startsWith('Big'),
  view: (buffer) => new type(buffer),
}));

export const typedArrayOfTag = (tag: number): TypedArrayKind | undefined => {
  return TYPED_ARRAYS.find((kind) => kind.tag === tag);
};
export const typedArrayOfName = (name: string): TypedArrayKind | undefined => {
  return TYPED_ARRAYS.find((kind) => kind.name === name);
};

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
  const out = bytes.slice();
  for (let i = 0; i < out.length; i += elementBytes) out.subarray(i, i + elementBytes).reverse();
  return out;
}
