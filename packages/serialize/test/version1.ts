/** What is in the frozen file of format version 1. Nothing here may change: the file was written once. */
import { Gaussian, Mixture, Plain } from './models.js';

export function valueOfVersion1(): unknown {
  const shared = new Gaussian(-0, 5e-324);
  return {
    numbers: [0, -1, 24, 256, 65_536, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -0, 0.1, Number.NaN, Number.POSITIVE_INFINITY],
    bigints: [0n, -1n, 2n ** 70n, -(2n ** 70n)],
    words: ['', 'a', 'é€😀', '\ud800', 'x'.repeat(300)],
    simple: [true, false, null, undefined],
    // biome-ignore lint/suspicious/noSparseArray: holes are part of the format
    holes: [, 1, ,],
    map: new Map<unknown, unknown>([
      [1, 'number'],
      ['1', 'string'],
    ]),
    set: new Set(['b', 'a']),
    dates: [new Date(0), new Date(-1), new Date(1_700_000_000_123), new Date(Number.NaN)],
    buffer: Uint8Array.of(1, 2, 3).buffer,
    arrays: [
      new Int8Array([-1]),
      new Uint8Array([255]),
      new Uint8ClampedArray([255]),
      new Int16Array([-2]),
      new Uint16Array([65_535]),
      new Int32Array([-3]),
      new Uint32Array([2 ** 32 - 1]),
      new BigInt64Array([-4n]),
      new BigUint64Array([2n ** 64n - 1n]),
      new Float32Array([0.5, -0]),
      new Float64Array([0.1, -0, 5e-324]),
    ],
    model: new Mixture([shared, shared, new Gaussian(3, 1)], new Float64Array([0.25, 0.5, 0.25])),
    plain: new Plain({ type: 'own', $ref: 1 }),
    blob: Float64Array.from({ length: 8192 }, (_, i) => i / 8),
  };
}
