import { describe, expect, it } from 'vitest';
import { importDmx } from '../../src/node.js';
import { codec } from '../models.js';
import { fileOfTree } from '../payload.js';

/** V8's hash of a 32-bit integer, by its definition (ComputeUnseededHash), independent of the package. */
function hashOf32(key: number): bigint {
  const low = (x: bigint) => x & 0xffff_ffffn;
  let h = low(BigInt(key));
  h = low(~h + (h << 15n));
  h ^= h >> 12n;
  h = low(h + (h << 2n));
  h ^= h >> 4n;
  h = low(h * 2057n);
  return (h ^ (h >> 16n)) & 0x3fff_ffffn;
}

/** V8's hash of 64 bits (ComputeLongHash). */
function hashOf64(key: bigint): bigint {
  const low = (x: bigint) => x & 0xffff_ffff_ffff_ffffn;
  let h = low(~key + (key << 18n));
  h ^= h >> 31n;
  h = low(h * 21n);
  h ^= h >> 11n;
  h = low(h + (h << 6n));
  return (h ^ (h >> 22n)) & 0x3fff_ffffn;
}

function bitsOf(value: number): bigint {
  return new BigUint64Array(new Float64Array([value]).buffer)[0]!;
}

function* found<T>(count: number, make: (i: number) => T, isWanted: (value: T) => boolean): Iterable<T> {
  for (let i = 0, left = count; left > 0; i++) {
    const value = make(i);
    if (!isWanted(value)) continue;
    left--;
    yield value;
  }
}

// 600 keys have 256 buckets at least; these all fall into one of them.
const colliding: readonly (readonly [string, readonly (number | bigint)[]])[] = [
  ['BigInts that are equal modulo 2^64', Array.from({ length: 20_000 }, (_, i) => (BigInt(i) << 64n) + 7n)],
  [
    'integers',
    [
      ...found(
        600,
        (i) => i * 3 - 100_000,
        (key) => (hashOf32(key) & 0x1ffn) === 5n,
      ),
    ],
  ],
  [
    'fractions',
    [
      ...found(
        600,
        (i) => i / 1024 + 1 / 4096,
        (key) => (hashOf64(bitsOf(key)) & 0x1ffn) === 5n,
      ),
    ],
  ],
  [
    'BigInts below 2^64',
    [
      ...found(
        600,
        (i) => 2n ** 60n + BigInt(i),
        (key) => (hashOf64(key) & 0x1ffn) === 5n,
      ),
    ],
  ],
];

describe('keys that an engine puts into one bucket', () => {
  const refusal = expect.objectContaining({ code: 'ERR_LIMIT', message: expect.stringContaining('one bucket') });

  it.each(colliding)('are refused, in every form: %s', (_, keys) => {
    const entries = keys.map((key) => (typeof key === 'bigint' ? `{ "$bigint": "${key}" }` : String(key)));
    const started = performance.now();
    expect(() => codec.parse(`{ "$set": [${entries.join(',')}] }`)).toThrow(refusal);
    expect(() => codec.parse(`{ "$map": [${entries.map((key) => `[${key}, 0]`).join(',')}] }`)).toThrow(refusal);
    expect(() => importDmx(`CategoricalDistribution({${keys.map((key) => `${key}: 0.5`).join(',')}})`)).toThrow(
      refusal,
    );
    const wrapped = keys.map((key) => `np.int64(${key}): 0.5`).join(',');
    if (typeof keys[0] === 'number' && Number.isInteger(keys[0])) {
      expect(() => importDmx(`CategoricalDistribution({${wrapped}})`)).toThrow(refusal);
    }
    expect(performance.now() - started).toBeLessThan(2000);
    // Small enough to be built here.
    const few = new Set(keys.slice(0, 600));
    expect(() => codec.encode(few)).toThrow(refusal);
    expect(() => codec.stringify(new Map([...few].map((key) => [key, 1])))).toThrow(refusal);
  });

  it('are refused by the reader of bytes', () => {
    // Ten bytes each, equal in the last eight.
    const members = Array.from(
      { length: 600 },
      (_, i) => `c2 4a ${(256 + i).toString(16).padStart(4, '0')} 0000000000000007`,
    );
    expect(() => codec.decode(fileOfTree(`d90102 99 0258 ${members.join('')}`))).toThrow(refusal);
    const entries = members.map((member) => `${member} 00`);
    expect(() => codec.decode(fileOfTree(`d90103 b9 0258 ${entries.join('')}`))).toThrow(refusal);
  });

  it.each([
    ['consecutive integers', (i: number) => i],
    ['multiples of 4096', (i: number) => i * 4096],
    ['times in milliseconds', (i: number) => 1.7e12 + i * 60_000],
    ['fractions', (i: number) => Math.sin(i)],
    ['negative integers', (i: number) => -1 - i],
    ['powers', (i: number) => BigInt(i) ** 3n],
    ['text', (i: number) => `level ${i}`],
    ['digits in text', (i: number) => String(i)],
  ])('are not what many ordinary keys do: %s', (_, make) => {
    const set = new Set<unknown>(Array.from({ length: 100_000 }, (_, i) => make(i)));
    expect((codec.decode(codec.encode(set)) as Set<unknown>).size).toBe(set.size);
  });
});
