import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isRequired, type Launcher, launch, missing } from '../../packages/mpi-native/test/launch.js';
import { linesOf } from './lines.js';

const script = fileURLToPath(new URL('dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dml-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('rows from files', () => {
  it.each([
    ['self', 1],
    ['openmpi', 3],
    ['workers', 2],
  ] as [Launcher, number][])(
    'give one model from all formats, under %s with %i ranks',
    async (launcher, ranks) => {
      const why = missing(launcher);
      if (why !== null && !isRequired(launcher)) {
        console.log(`skipped: ${why}`);
        return;
      }
      const { code, stdout, stderr } = await launch({ launcher, ranks, script });
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/30\.\d\d minutes, mostly desk, "big"/);
      expect(stdout).toMatch(/5\.\d\d minutes, mostly phone/);
    },
    60_000,
  );
});

describe('the lines of a file', () => {
  it.each(['a\nbb\r\n\nccc\ndd', 'a\n', 'a', '', '\n\n', 'äö\nü\n'])(
    'of %j go to one rank each, in order, for any number of ranks',
    async (text) => {
      const path = join(folder, 'lines.txt');
      writeFileSync(path, text);
      const expected = text.split(/\r?\n/).filter((line) => line !== '');
      for (const size of [1, 2, 3, 5, 20]) {
        const found: string[] = [];
        for (let rank = 0; rank < size; rank++) {
          for await (const lines of linesOf(path, { rank, size })) found.push(...lines);
        }
        expect(found).toEqual(expected);
      }
    },
  );

  it('are found in a file of several blocks', async () => {
    const path = join(folder, 'long.txt');
    const expected = Array.from({ length: 5000 }, (_, i) => `${i} ${'x'.repeat(i % 700)}`);
    writeFileSync(path, `${expected.join('\n')}\n`);
    for (const size of [1, 3]) {
      const found: string[] = [];
      for (let rank = 0; rank < size; rank++) {
        for await (const lines of linesOf(path, { rank, size })) found.push(...lines);
      }
      expect(found).toEqual(expected);
    }
  });
});
