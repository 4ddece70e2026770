import { describe, expect, it } from 'vitest';
import { decodeWtf8, encodeWtf8 } from '../../src/values/text.js';
import { codec } from '../models.js';
import { fromHex } from '../payload.js';

describe('WTF-8', () => {
  it.each([
    ['a lone high surrogate', '\ud800', 'ed a0 80'],
    ['a lone low surrogate', '\udfff', 'ed bf bf'],
    ['two in the wrong order', '\udc00\ud800', 'ed b0 80 ed a0 80'],
    ['a pair, which is one character', '\ud83d\ude00', 'f0 9f 98 80'],
    ['a half after a pair', '\ud83d\ude00\ude00', 'f0 9f 98 80 ed b8 80'],
    ['the largest code of each length', '\x7f\u07ff\uffff\u{10ffff}', '7f df bf ef bf bf f4 8f bf bf'],
    ['the least code of each length', '\0\x80\u0800\u{10000}', '00 c2 80 e0 a0 80 f0 90 80 80'],
  ])('writes and reads %s', (_, text, hex) => {
    expect(encodeWtf8(text)).toEqual(fromHex(hex));
    expect(decodeWtf8(fromHex(hex))).toBe(text);
  });

  it.each([
    ['two halves of a character', 'ed a0 bd ed b8 80'],
    ['too long a form of one byte', 'c1 bf'],
    ['too long a form of two bytes', 'e0 9f bf'],
    ['too long a form of three bytes', 'f0 8f bf bf'],
    ['a code above U+10FFFF', 'f4 90 80 80'],
    ['a first byte of five', 'f8 88 80 80 80'],
    ['a byte that continues nothing', '80'],
    ['the end inside a character', 'e2 82'],
    ['a character that is not continued', 'e2 41 41'],
  ])('refuses %s', (_, hex) => {
    expect(decodeWtf8(fromHex(hex))).toBeUndefined();
  });

  it('agrees with the platform on every code point', () => {
    for (let code = 0; code <= 0x10_ffff; code += 7) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const text = String.fromCodePoint(code);
      const bytes = new TextEncoder().encode(text);
      expect(Buffer.from(encodeWtf8(text)).equals(bytes)).toBe(true);
      if (decodeWtf8(bytes) !== text) throw new Error(code.toString(16));
    }
  });

  it('takes linear time and memory: 9 million lone surrogates are 27 MB', () => {
    const text = '\ud800'.repeat(9e6);
    const started = performance.now();
    const bytes = codec.encode(text);
    expect(bytes.length).toBeLessThan(27_000_100);
    expect(codec.decode(bytes) === text).toBe(true);
    // Three objects for each character filled the heap.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
