/**
 * A worker's output normally passes through the main thread when the worker's event loop turns; a rank that waits for
 * others does not turn it, and output would be lost when the job is aborted. So it is written at once.
 */
import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

const RETRY_MS = 1;

function writeAtOnce(stream: Writable, descriptor: number): void {
  stream._write = (chunk: Buffer | string, encoding, done) => {
    try {
      writeFully(descriptor, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
  stream._writev = (chunks, done) => {
    try {
      for (const { chunk, encoding } of chunks) {
        writeFully(descriptor, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}

function writeFully(descriptor: number, bytes: Buffer): void {
  for (let start = 0; start < bytes.length; ) {
    try {
      start += writeSync(descriptor, bytes, start);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS); // the pipe is full
    }
  }
}

/** From now on what this thread prints is written at once. */
export function writeOutputAtOnce(): void {
  writeAtOnce(process.stdout, 1);
  writeAtOnce(process.stderr, 2);
}
