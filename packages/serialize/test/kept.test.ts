import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CodecError, importDmx } from '../src/node.js';
import { codec } from './models.js';

/** What fuzz/run.mjs kept: inputs of each kind of refusal, and accepted ones that reached code no other had reached. */
const folder = new URL('./hostile/', import.meta.url);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function* pieces(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

const readers: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  dml: (bytes) => codec.decode(bytes),
  stream: (bytes) => codec.decodeStream(pieces(bytes)),
  txt: (bytes) => codec.parse(text(bytes)),
  dmx: (bytes) => importDmx(text(bytes)),
};

const MILLISECONDS = 1000;
const BYTES = 2 ** 26;

describe.each(Object.entries(readers))('the kept files for the reader of .%s', (extension, read) => {
  const files = readdirSync(folder).filter((name) => name.endsWith(`.${extension}`));

  it('are refused or accepted as their names say, in bounded time and memory', async () => {
    expect(files.filter((name) => name.startsWith('ERR_')).length).toBeGreaterThan(20);
    for (const name of files) {
      const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
      const memory = process.memoryUsage();
      const started = performance.now();
      const outcome = await Promise.resolve(bytes)
        .then(read)
        .then(
          () => 'accepted',
          (error: unknown) => (error instanceof CodecError ? error.code : error),
        );
      const after = process.memoryUsage();
      // The part of a name before the hyphen is the outcome.
      expect({ name, outcome }).toEqual({ name, outcome: name.split('-')[0] });
      expect(performance.now() - started, name).toBeLessThan(MILLISECONDS);
      expect(after.arrayBuffers - memory.arrayBuffers, name).toBeLessThan(BYTES);
      expect(after.heapUsed - memory.heapUsed, name).toBeLessThan(BYTES);
    }
  });
});
