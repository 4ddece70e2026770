import { TYPED_ARRAYS, type TypedArrayKind } from './typedArrays.js';

/** What a built-in object is, decided by its prototype, so that a subclass is never taken for its parent. */
export type Kind =
  | { readonly is: 'object' | 'array' | 'map' | 'set' | 'date' | 'buffer' }
  | { readonly is: 'typedArray'; readonly typedArray: TypedArrayKind };

const PLAIN: Kind = { is: 'object' };
const ARRAY: Kind = { is: 'array' };

const byName: Readonly<Record<string, Kind>> = {
  Array: ARRAY,
  Map: { is: 'map' },
  Set: { is: 'set' },
  Date: { is: 'date' },
  ArrayBuffer: { is: 'buffer' },
  ...Object.fromEntries(TYPED_ARRAYS.map((typedArray) => [typedArray.name, { is: 'typedArray', typedArray }])),
};

/**
 * The kind by prototype. Asking a prototype from elsewhere takes longer than writing the object, so each is asked
 * once; `class` stands for one that is of no kind.
 */
const kinds = new WeakMap<object, Kind | 'class'>(
  [Map, Set, Date, ArrayBuffer, ...TYPED_ARRAYS].map(({ name, prototype }) => [prototype, byName[name]!]),
);

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
  return Object.hasOwn(byName, name) ? byName[name] : undefined;
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
