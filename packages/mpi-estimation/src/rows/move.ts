/** Moves encoded rows between ranks: typed arrays as raw memory, whatever describes them as one small object. */

import type { Columns, Communicator } from '../ports.js';
import { attempt, type Outcome } from '../ranks/exchange.js';
import type { Part } from './encodedRows.js';

/** The source and the destination of rows. Row numbers are global. */
export interface Mover<C> {
  /** Rows that this rank has, in order, in one or several parts. */
  read(start: number, end: number): Iterable<Part<C>>;
  /** Takes the parts that this rank gets, in order; those that have come from another rank in memory of their own. */
  add(part: Part<C>): void;
}

/**
 * Collective: moves rows from the ranks that have them, `from[r] … from[r + 1]`, to those that get them, `to[r] … to[r + 1]`.
 * All ranks walk the same list of transfers in the same order, so no two ranks wait for each other. A rank that fails goes on
 * with its part of the list, so that no rank waits for it either.
 * @returns  whether this rank could read and keep its rows: for an exchange to follow
 */
export function move<C extends Columns>(
  comm: Communicator,
  from: readonly number[],
  to: readonly number[],
  { read, add }: Mover<C>,
): Outcome<unknown> {
  let own: Outcome<unknown> = { value: null };
  const run = (work: () => void) => {
    if ('failure' in own) return;
    const done = attempt(work);
    if ('failure' in done) own = done;
  };
  for (let source = 0; source < comm.size; source++) {
    for (let target = 0; target < comm.size; target++) {
      const start = Math.max(from[source]!, to[target]!);
      const end = Math.min(from[source + 1]!, to[target + 1]!);
      if (start >= end || (source !== comm.rank && target !== comm.rank)) continue;
      if (source === target) {
        run(() => {
          for (const part of read(start, end)) add(part);
        });
      } else if (source === comm.rank) {
        run(() => {
          for (const part of read(start, end)) sendPart(comm, part, target);
        });
        if ('failure' in own) comm.sendObject(null, target);
      } else {
        for (let rest = end - start; rest > 0; ) {
          const part = receivePart<C>(comm, source);
          if (part === null) break;
          run(() => add(part));
          rest -= part.columns.rowCount;
        }
      }
    }
  }
  return own;
}

/** A value without its typed arrays, which are sent after it: only their kind and length are in their places. */
type Outline =
  | { readonly array: Kind; readonly length: number }
  | { readonly fields: Readonly<Record<string, Outline>> }
  | { readonly items: readonly Outline[] }
  | { readonly value: unknown };

const KINDS = {
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
} as const;

type Kind = keyof typeof KINDS;
type TypedArray = InstanceType<(typeof KINDS)[Kind]>;

function sendPart(comm: Communicator, part: Part<unknown>, target: number): void {
  const arrays: TypedArray[] = [];
  comm.sendObject(outlineOf(part, arrays), target);
  for (const array of arrays) comm.send(bytesOf(array), target);
}

/** `null` when the sender has failed. */
function receivePart<C>(comm: Communicator, source: number): Part<C> | null {
  const outline = comm.recvObject<Outline | null>(source).value;
  if (outline === null) return null;
  // `sendPart` made the outline of a part.
  return rebuild(outline, (array) => comm.recv(bytesOf(array), source)) as Part<C>;
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function outlineOf(value: unknown, arrays: TypedArray[]): Outline {
  if (typeof value !== 'object' || value === null) return { value };
  const name = value.constructor?.name;
  if (ArrayBuffer.isView(value) && name !== undefined && name in KINDS) {
    const array = value as TypedArray; // its name says so
    if (array.length > 0) arrays.push(array);
    return { array: name as Kind, length: array.length };
  }
  if (Array.isArray(value)) {
    // A long list of levels holds no typed arrays.
    if (!value.some((entry) => typeof entry === 'object' && entry !== null)) return { value };
    return { items: value.map((entry) => outlineOf(entry, arrays)) };
  }
  if (name !== 'Object') return { value };
  const fields = Object.entries(value).map(([field, entry]) => [field, outlineOf(entry, arrays)]);
  return { fields: Object.fromEntries(fields) };
}

/** @param fill  reads the contents of a new array; called in the order in which {@link outlineOf} met them */
function rebuild(outline: Outline, fill: (array: TypedArray) => unknown): unknown {
  if ('array' in outline) {
    const array = new KINDS[outline.array](outline.length);
    if (array.length > 0) fill(array);
    return array;
  }
  if ('items' in outline) return outline.items.map((item) => rebuild(item, fill));
  if ('value' in outline) return outline.value;
  const fields = Object.entries(outline.fields).map(([field, entry]) => [field, rebuild(entry, fill)]);
  return Object.fromEntries(fields);
}
