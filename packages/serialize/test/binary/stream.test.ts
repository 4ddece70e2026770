import { describe, expect, it } from 'vitest';
import { createCodec } from '../../src/node.js';
import { concatenate } from '../../src/values/text.js';
import { codec, Gaussian, Mixture } from '../models.js';
import { fileOf, fromHex, sameBytes } from '../payload.js';

const w = Float64Array.from({ length: 8200 }, (_, i) => 1 / (i + 1));
const value = {
  model: new Mixture([new Gaussian(0, 1)], w),
  again: w,
  small: new Float64Array([1, -0]),
  counts: new Uint8Array(65_537).fill(3),
  shared: [[1], { x: 1n }],
};
const bytes = codec.encode(value);

function* pieces(of: Uint8Array, size: number): Iterable<Uint8Array> {
  for (let at = 0; at < of.length; at += size) yield of.slice(at, at + size);
}

async function* later(of: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for (const piece of of) {
    await Promise.resolve();
    yield piece;
  }
}

describe('encodeStream', () => {
  it('gives the bytes of encode', () => {
    expect(sameBytes(concatenate([...codec.encodeStream(value)]), bytes)).toBe(true);
  });

  it('gives the value as it was at the call, though it changes before the pieces are used', () => {
    const x = Float64Array.from({ length: 8192 }, (_, i) => i);
    const stream = codec.encodeStream({ x });
    x.fill(-1);
    expect(codec.decode(concatenate([...stream]))).toStrictEqual({
      x: Float64Array.from({ length: 8192 }, (_, i) => i),
    });
  });

  it('gives pieces that later calls leave alone', () => {
    const first = [...codec.encodeStream({ a: 'first' })];
    codec.encode({ a: 'other' });
    expect(codec.decode(concatenate(first))).toEqual({ a: 'first' });
  });
});

describe('decodeStream', () => {
  it.each([1, 7, 1000, 65_536, 10_000_000])('reads pieces of %d bytes', async (size) => {
    const source = size === 1 ? pieces(bytes, size) : later(pieces(bytes, size));
    const again = (await codec.decodeStream(source)) as typeof value;
    expect(sameBytes(codec.encode(again), bytes)).toBe(true);
    expect(again.shared).toStrictEqual(value.shared);
    expect(again.again).toBe(again.model.w);
  });

  it('reads a ReadableStream without asynchronous iteration', async () => {
    const stream = new Blob([bytes.slice()]).stream();
    expect(await codec.decodeStream({ getReader: () => stream.getReader() })).toStrictEqual(value);
  });

  it('reads an array longer than it allocates at once', async () => {
    const long = new Float64Array(5_000_000).fill(0.5);
    const again = await codec.decodeStream(codec.encodeStream(long));
    expect(sameBytes(again as Float64Array, long)).toBe(true);
  });

  it('gives up on a source of empty pieces, and closes it', async () => {
    let closed = false;
    const empty = function* () {
      try {
        for (;;) yield new Uint8Array();
      } finally {
        closed = true;
      }
    };
    await expect(codec.decodeStream(empty())).rejects.toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
    expect(closed).toBe(true);
    const spaced = Array.from({ length: 9000 }, () => new Uint8Array());
    expect(await codec.decodeStream([...spaced, bytes.subarray(0, 30), ...spaced, bytes.subarray(30)])).toStrictEqual(
      value,
    );
  });

  it('refuses what decode refuses', async () => {
    const refused = async (source: Uint8Array, code: string) => {
      for (const size of [13, 5000]) {
        await expect(codec.decodeStream(later(pieces(source, size)))).rejects.toThrow(
          expect.objectContaining({ code }),
        );
      }
    };
    await refused(bytes.slice(0, 20), 'ERR_TRUNCATED');
    await refused(bytes.slice(0, 20_000), 'ERR_TRUNCATED');
    await refused(Uint8Array.from([...bytes, 0]), 'ERR_TRAILING_BYTES');
    await refused(fromHex('00'.repeat(30)), 'ERR_NOT_A_MODEL_FILE');
    const flipped = bytes.slice();
    flipped[1000]! ^= 4;
    await refused(flipped, 'ERR_CHECKSUM');
    await refused(fileOf(fromHex('82 80 01'), 2), 'ERR_NEWER_FORMAT');
    await refused(fileOf(fromHex('82 81 d81c 80 01')), 'ERR_MALFORMED');
    await refused(fileOf(fromHex('82 81 d81c d856 47 00000000000000 01')), 'ERR_MALFORMED');
    await refused(fileOf(fromHex('82 81 d81c d840 5b 000fffffffffffff')), 'ERR_TRUNCATED');
    await refused(fileOf(fromHex('82 80 d81d 00')), 'ERR_REFERENCE');
  });

  it('allocates no more than has come, however large the header says the file is', async () => {
    const lying = fileOf(fromHex(`82 81 d81c d840 5a 38000000 ${'00'.repeat(1000)}`));
    new DataView(lying.buffer).setBigUint64(16, 2n ** 29n * 2n - 64n);
    const before = process.memoryUsage().arrayBuffers;
    await expect(codec.decodeStream(pieces(lying, 100))).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_TRUNCATED' }),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  });

  it('closes its source when it refuses', async () => {
    let closed = false;
    const source = (async function* () {
      try {
        yield new Uint8Array(100);
        yield new Uint8Array(100);
      } finally {
        closed = true;
      }
    })();
    await expect(codec.decodeStream(source)).rejects.toThrow(expect.objectContaining({ code: 'ERR_NOT_A_MODEL_FILE' }));
    expect(closed).toBe(true);
  });

  it('refuses a source of something else', async () => {
    const refusal = expect.objectContaining({ code: 'ERR_OPTION' });
    await expect(codec.decodeStream(['text'] as never)).rejects.toThrow(refusal);
    await expect(codec.decodeStream({} as never)).rejects.toThrow(refusal);
  });

  it('keeps limits', async () => {
    const tight = createCodec({ limits: { maxBytes: 1000 } });
    await expect(tight.decodeStream(pieces(bytes, 100))).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_LIMIT' }),
    );
  });
});
