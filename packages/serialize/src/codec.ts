import { checksumOf } from './binary/checksum.js';
import { decodeBinary, encodeBinary, encodeBinaryParts } from './binary/file.js';
import { FORMAT_VERSION } from './binary/format.js';
import { type ByteSource, decodeBinaryStream } from './binary/stream.js';
import { expectBytes, expectOptions, expectText, optionError, wrongArgument } from './checks/arguments.js';
import { type Limits, resolveLimits } from './checks/limits.js';
import { CodecError, isStackOverflow } from './errors.js';
import { parseJson } from './json/parse.js';
import { stringifyJson } from './json/stringify.js';
import { buildDescription } from './models/build.js';
import type { Context } from './models/context.js';
import { type AnyModelType, Registry } from './models/registry.js';
import { encodeUtf8 } from './values/text.js';

/** The options of {@link createCodec}. */
export interface CodecOptions {
  /** The model types that may be written and read. Nothing else is ever constructed. */
  readonly types?: Iterable<AnyModelType>;
  /** Bounds on the cost of one file or message. */
  readonly limits?: Partial<Limits>;
  /** Keep cycles among plain arrays, objects, maps and sets. Default false: a cycle is refused. */
  readonly allowCycles?: boolean;
}

const OPTIONS = ['types', 'limits', 'allowCycles'] as const;

/** Turns values into bytes or text and back. No call changes what another one returns. */
export interface Codec {
  /** Differs when the format, the registered types or their versions differ. */
  readonly id: string;
  /** The bounds, with their defaults. */
  readonly limits: Limits;
  /** Every name of a type that can be read, former names among them. */
  readonly typeNames: readonly string[];
  /** The binary form. Equal values give equal bytes. @throws {CodecError} */
  encode(value: unknown): Uint8Array;
  /** Reads the binary form. Nothing in the result refers to `bytes`. @throws {CodecError} */
  decode(bytes: Uint8Array): unknown;
  /** The bytes of {@link Codec.encode} in pieces: the value as it is at the call, whatever happens to it later. */
  encodeStream(value: unknown): Iterable<Uint8Array>;
  /**
   * Reads the binary form from pieces of any size. Memory stays near the size of the value.
   * @param options.byteLength  size of the whole source, when that is certain: saves growing buffers
   */
  decodeStream(source: ByteSource, options?: { readonly byteLength?: number }): Promise<unknown>;
  /** The form that a person can read and edit, as exact as the binary one. @throws {CodecError} */
  stringify(value: unknown): string;
  /** Reads what {@link Codec.stringify} wrote, or a person. @throws {CodecError} with line, column or path */
  parse(text: string): unknown;
  /**
   * Makes the live model of a description: nested plain objects `{ type, ...fields }`, as `importDmx` returns them.
   * @throws {CodecError} for a type that is not registered or a parameter that its constructor refuses
   */
  build(description: unknown): unknown;
}

/**
 * Makes a codec for these types, and for plain data.
 *
 * @throws {CodecError} `ERR_TYPE_DEFINITION` for a type that lacks something or occurs twice; `ERR_OPTION` for an
 *   option that does not exist or has a wrong value
 * @see FORMAT.md for the bytes
 *
 * @example
 * ```ts
 * const codec = createCodec({ types: modelTypes });
 * const bytes = codec.encode(new GaussianDistribution({ mu: 0, sigma2: 1 }));
 * codec.decode(bytes); // GaussianDistribution { mu: 0, sigma2: 1 }
 * ```
 */
export function createCodec(options: CodecOptions = {}): Codec {
  const { types = [], limits: bounds, allowCycles = false } = expectOptions('createCodec', options, OPTIONS);
  if (typeof types !== 'object' || types === null || !(Symbol.iterator in types)) {
    wrongArgument('createCodec', 'a list of types', types);
  }
  if (typeof allowCycles !== 'boolean') wrongArgument('createCodec', 'true or false for allowCycles', allowCycles);
  const registry = new Registry(types);
  return codecOf({ registry, limits: resolveLimits(bounds), allowCycles }, registry.signature, registry.names);
}

/** The codec of these types. @param signature  differs when types or versions differ */
export function codecOf(context: Context, signature: string, typeNames: readonly string[]): Codec {
  const { limits } = context;
  return {
    id: `dml/${FORMAT_VERSION}:${checksumOf(encodeUtf8(signature)).toString(16).padStart(8, '0')}`,
    limits,
    typeNames,
    encode: (value) => guarded(() => encodeBinary(value, context)),
    decode: (bytes) => guarded(() => decodeBinary(expectBytes('decode', bytes), context)),
    encodeStream: (value) => guarded(() => encodeBinaryParts(value, context)),
    decodeStream: async (source, given = {}) => {
      const { byteLength } = expectOptions('decodeStream', given, ['byteLength']);
      if (byteLength !== undefined && !(Number.isSafeInteger(byteLength) && byteLength >= 0)) {
        throw optionError('decodeStream', `byteLength must be an integer >= 0, found ${String(byteLength)}.`);
      }
      try {
        return await decodeBinaryStream(source, context, byteLength);
      } catch (error) {
        throw refusalOf(error);
      }
    },
    stringify: (value) => guarded(() => stringifyJson(value, context)),
    build: (description) => guarded(() => buildDescription(description, context)),
    parse: (text) => guarded(() => parseJson(expectText('parse', text), context)),
  };
}

/** A limit above what the stack allows ends as a refusal too. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  if (!isStackOverflow(error)) return error;
  const reason = 'nested deeper than the stack allows. Lower limits.maxDepth.';
  return new CodecError({ code: 'ERR_LIMIT', reason, cause: error });
}

/** The codec that a program hands in. @throws {CodecError} `ERR_OPTION` for anything else */
export function expectCodec(owner: string, value: unknown): Codec {
  if (typeof value === 'object' && value !== null && 'decodeStream' in value) return value as Codec;
  return wrongArgument(owner, 'a codec from createCodec', value);
}
