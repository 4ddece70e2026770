import { TYPED_ARRAYS, type TypedArrayKind, typedArrayOfName } from './typedArrays.js';

/** What a built-in object is, decided by its prototype, so that a subclass is never taken for its parent. */
export type Kind =
  | { readonly is: 'object' | 'array' | 'map' | 'set' | 'date' | 'buffer' }
  | { readonly is: 'typedArray'; readonly typedArray: TypedArrayKind };

const constructors: Readonly<Record<string, { readonly prototype: object }>> = {
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  BigUint64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  Float32Array,
  Float64Array,
};

const PLAIN: Kind = { is: 'object' };
const ARRAY: Kind = { is: 'array' };

/**
 * The kind by prototype. Asking a prototype from elsewhere takes longer than writing the object, so each is asked
 * once; `class` stands for one that is of no kind.
 */
const kinds = new WeakMap<object, Kind | 'class'>([
  [Map.prototype, { is: 'map' }],
  [Set.prototype, { is: 'set' }],
  [Date.prototype, { is: 'date' }],
  [ArrayBuffer.prototype, { is: 'buffer' }],
  ...TYPED_ARRAYS.map((typedArray): [object, Kind] => [
    constructors[typedArray.name]!.prototype,
    { is: 'typedArray', typedArray },
  ]),
]);

const byTag: Readonly<Record<string, Kind>> = {
  Array: ARRAY,
  Map: { is: 'map' },
  Set: { is: 'set' },
  Date: { is: 'date' },
  ArrayBuffer: { is: 'buffer' },
};

/** The kind of a built-in or plain object, or `undefined` for an instance of any other class. */
export function kindOf(value: object): Kind | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return ARRAY;
  if (prototype === Object.prototype || prototype === null) return PLAIN;
  let kind = kinds.get(prototype);
  if (kind === undefined) {
    kind = kindOfOtherRealm(value, prototype) ?? 'class';
    kinds.set(prototype, kind);
  }
  return kind === 'class' ? undefined : kind;
}

/** Frames, `vm` contexts and test runners have prototypes of their own for the same built-ins. */
function kindOfOtherRealm(value: object, prototype: object): Kind | undefined {
  const name: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value?.name;
  if (typeof name !== 'string' || Object.prototype.toString.call(value) !== `[object ${name}]`) return undefined;
  if (name === 'Object') return Object.getPrototypeOf(prototype) === null ? PLAIN : undefined;
  const typedArray = typedArrayOfName(name);
  if (typedArray !== undefined) return { is: 'typedArray', typedArray };
  return Object.hasOwn(byTag, name) ? byTag[name] : undefined;
}

/** For messages: `class Foo`, `function`, `symbol`, `Error`. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  const kind = kindOf(value);
  if (kind?.is === 'array' || kind?.is === 'object') return `an ${kind.is}`;
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of class ${name}` : 'an instance of a nameless class';
}
