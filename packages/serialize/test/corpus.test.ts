import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codec } from './models.js';
import { sameBytes } from './payload.js';
import { valueOfVersion1 } from './version1.js';

const frozen = (name: string) => readFileSync(new URL(`./corpus/${name}`, import.meta.url));

describe('format version 1', () => {
  it('is read as it was written', () => {
    expect(codec.decode(new Uint8Array(frozen('version-1.dml')))).toStrictEqual(valueOfVersion1());
    expect(codec.parse(frozen('version-1.json').toString('utf8'))).toStrictEqual(valueOfVersion1());
  });

  it('is still written with the same bytes', () => {
    expect(sameBytes(codec.encode(valueOfVersion1()), frozen('version-1.dml'))).toBe(true);
  });

  it('has the bytes that FORMAT.md shows', () => {
    const text = readFileSync(new URL('../FORMAT.md', import.meta.url), 'utf8');
    const block = /```\n(89 44 4d 4c[^`]*)```/.exec(text)![1]!;
    const hex = block.split('\n').map((line) => line.split(/ {3,}/)[0]);
    const bytes = Uint8Array.from(Buffer.from(hex.join(' ').replaceAll(' ', ''), 'hex'));
    expect(codec.decode(bytes)).toMatchObject({ mu: 0, sigma2: 0.5 });
    expect(codec.encode(codec.decode(bytes))).toEqual(bytes);
  });
});
