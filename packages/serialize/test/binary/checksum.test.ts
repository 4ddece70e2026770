import { describe, expect, it } from 'vitest';
import { Checksum, checksumOf } from '../../src/binary/checksum.js';
import fc from '../property.js';

const ascii = (text: string) => new TextEncoder().encode(text);

describe('checksum', () => {
  it.each([
    // Published test values of XXH32 with seed 0.
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of %j is that of the reference implementation', (text, expected) => {
    expect(checksumOf(ascii(text))).toBe(expected);
  });

  it('does not depend on how the bytes are cut, nor on where they lie in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(40)), fc.nat(7), (bytes, cuts, offset) => {
        const moved = new Uint8Array(bytes.length + offset).subarray(offset);
        moved.set(bytes);
        const checksum = new Checksum();
        let at = 0;
        for (const cut of cuts) {
          checksum.update(moved.subarray(at, at + cut));
          at = Math.min(at + cut, moved.length);
        }
        checksum.update(moved.subarray(at));
        expect(checksum.digest()).toBe(checksumOf(bytes));
      }),
    );
  });

  it('changes with every change inside one aligned word', () => {
    const bytes = Uint8Array.from({ length: 67 }, (_, i) => i * 37);
    const before = checksumOf(bytes);
    for (let at = 0; at < bytes.length; at++) {
      for (let xor = 1; xor < 256; xor++) {
        bytes[at]! ^= xor;
        if (checksumOf(bytes) === before) throw new Error(`byte ${at} changed by ${xor} goes unseen`);
        bytes[at]! ^= xor;
      }
    }
  });
});
