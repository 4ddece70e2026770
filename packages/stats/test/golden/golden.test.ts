/**
 * Golden vectors: numbers computed by an independent implementation and by closed formulas. Set DML_GOLDEN_DIR to a folder
 * of such files to run those instead; each case then reports pass, fail with the numbers, or "family not implemented".
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { NotImplemented } from './adapter.js';
import { runCase } from './cases.js';
import { runDriver } from './drivers.js';
import { isFunctionCase, runFunction } from './functions.js';

const folder = process.env.DML_GOLDEN_DIR ?? fileURLToPath(new URL('../fixtures/golden', import.meta.url));

interface GoldenFile {
  readonly family: string;
  readonly cases: readonly { readonly name: string; readonly [field: string]: unknown }[];
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const { cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as GoldenFile;
  describe(file, () => {
    for (const golden of cases) {
      it(golden.name, ({ skip }) => {
        try {
          const isDriver = golden.trace !== undefined || golden.function !== undefined;
          const run = isFunctionCase(golden) ? runFunction : isDriver ? runDriver : runCase;
          expect(run(golden, cases).slice(0, 12)).toEqual([]);
        } catch (error) {
          if (error instanceof NotImplemented) skip(error.message);
          throw error;
        }
      });
    }
  });
}
