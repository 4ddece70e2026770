import { quoted } from '../errors.js';
import { expectOptions, optionError } from './arguments.js';

/**
 * Bounds on what one file or message may cost, applied when reading and when writing.
 *
 * @example
 * ```ts
 * const careful = createCodec({ types: modelTypes, limits: { maxBytes: 1e6, maxDepth: 32 } });
 * ```
 */
export interface Limits {
  /** Largest file or message, in bytes (for JSON text: in UTF-16 code units), unpacked. Default 1 GiB. */
  readonly maxBytes: number;
  /** Deepest nesting of arrays, objects, maps, sets and models. Default 256. */
  readonly maxDepth: number;
  /**
   * Most data items: numbers, strings, keys and containers. A typed array is one item. In a model, a shared part counts at
   * each of its mentions. Default 10 million.
   */
  readonly maxItems: number;
  /**
   * Most memory that the containers and values of a file may take, in bytes, estimated; what typed arrays, buffers and texts
   * contain is not counted, because it is no larger than the file. Default 512 MiB.
   */
  readonly maxMemory: number;
  /** Longest BigInt, in bytes of its magnitude. Default 65,536 (about 157,000 decimal digits). */
  readonly maxBigIntBytes: number;
}

const DEFAULTS: Limits = {
  maxBytes: 2 ** 30,
  maxDepth: 256,
  maxItems: 10_000_000,
  maxMemory: 2 ** 29,
  maxBigIntBytes: 65_536,
};

const NAMES = Object.keys(DEFAULTS) as readonly (keyof Limits)[];

/** @throws {CodecError} `ERR_OPTION` for a name that is not a limit or a value that is not a positive integer. */
export function resolveLimits(given: Partial<Limits> = {}): Limits {
  expectOptions('limits', given, NAMES);
  const limits: { -readonly [Name in keyof Limits]: number } = { ...DEFAULTS };
  for (const name of NAMES) {
    const value = given[name];
    if (value === undefined) continue;
    limits[name] = value;
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw optionError(
      'limits',
      `${name} must be an integer >= 1, found ${typeof value === 'string' ? quoted(value) : String(value)}.`,
    );
  }
  return limits;
}
