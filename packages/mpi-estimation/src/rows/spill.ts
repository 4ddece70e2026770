/**
 * Rows and segments on disk, for data that are bigger than memory. A rank then holds, beside the description of the rows:
 * one list of rows as its source yields it, two segments (of at most 65,536 rows each), and the rows that the start looks
 * at (at most about 16,384), and the numbers of the rows where some have weight 0. Files have no name once they are open, so they vanish with the process.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, read, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { SpillError } from '../errors.js';
import type { Algorithm, Columns } from '../ports.js';
import type { Part, RowsBuilder, ShardPlan, StoreBuilder } from './encodedRows.js';
import { partOf } from './memory.js';

/** Where encoded rows are kept instead of in memory. */
export interface SpillOptions {
  /** A folder on a disk of this rank, which must be there. Default: the system's folder for temporary files. */
  readonly folder?: string;
}

const readAsync = promisify(read);

/** Records in a file without a name, in the format of Node's structured clone: for this process alone. */
class RecordFile {
  readonly #folder: string;
  readonly #file: number;
  readonly #ends: number[] = [];
  #isClosed = false;

  constructor({ folder = tmpdir() }: SpillOptions) {
    this.#folder = folder;
    this.#file = this.#writing(() => {
      const path = join(folder, `dml-spill-${randomUUID()}`);
      const file = openSync(path, 'wx+', 0o600);
      unlinkSync(path);
      return file;
    });
  }

  add(value: unknown): void {
    const bytes = serialize(value);
    const start = this.#ends.at(-1) ?? 0;
    this.#writing(() => {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#file, bytes, written, bytes.length - written, start + written);
      }
    });
    this.#ends.push(start + bytes.length);
  }

  #writing<V>(work: () => V): V {
    try {
      return work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const advice = isMissing ? 'Make this folder, or name another one.' : 'Choose a folder with more room.';
      const message = `spill: rows cannot be written to ${this.#folder}: ${reason}. ${advice}`;
      throw new SpillError(message, { cause: error });
    }
  }

  #place(record: number): { readonly bytes: Uint8Array; readonly start: number } {
    if (this.#isClosed) throw new SpillError('spill: these rows have been released.');
    const start = this.#ends[record - 1] ?? 0;
    return { bytes: new Uint8Array(this.#ends[record]! - start), start };
  }

  readSync(record: number): unknown {
    const { bytes, start } = this.#place(record);
    for (let done = 0; done < bytes.length; ) {
      done += positive(readSync(this.#file, bytes, done, bytes.length - done, start + done));
    }
    return deserialize(bytes);
  }

  async read(record: number): Promise<unknown> {
    const { bytes, start } = this.#place(record);
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await readAsync(this.#file, bytes, done, bytes.length - done, start + done);
      done += positive(bytesRead);
    }
    return deserialize(bytes);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Frees the disk. Closing twice is no error: the number of the file may belong to another one by then. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
  }
}

function positive(bytesRead: number): number {
  if (bytesRead > 0) return bytesRead;
  throw new SpillError('spill: a file of rows is shorter than it was written.');
}

/** Writes the encoded rows of this rank to disk, part by part. */
export function builderOnDisk<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  options: SpillOptions,
): RowsBuilder<C> {
  const file = new RecordFile(options);
  const starts = [0];
  let schema = algorithm.encode([]);
  let hasWeights = false;
  return {
    add(part) {
      file.add(part);
      schema = algorithm.concat([schema, algorithm.slice(part.columns, 0, 0)]);
      hasWeights ||= part.weights?.some((weight) => weight !== 1) === true;
      starts.push(starts.at(-1)! + part.columns.rowCount);
    },
    build: () => ({
      rowCount: starts.at(-1)!,
      schema,
      hasWeights,
      *read(start, end) {
        for (let i = 0; i + 1 < starts.length; i++) {
          const from = Math.max(start, starts[i]!);
          const to = Math.min(end, starts[i + 1]!);
          if (from >= to) continue;
          const part = file.readSync(i) as Part<C>; // written by add()
          yield partOf(algorithm, part, from - starts[i]!, to - starts[i]!);
        }
      },
      release: () => file.close(),
    }),
    discard: () => file.close(),
  };
}

/** Keeps the segments of this rank on disk, one record each. */
export function storeOnDisk<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  schema: C,
  { rowCount, firstSegment, firstRow }: ShardPlan,
  options: SpillOptions,
): StoreBuilder<C> {
  const file = new RecordFile(options);
  let pending: Part<C>[] = [];
  let segment = firstSegment;
  let row = firstRow;
  const endOf = (s: number) => algorithm.segments.start(rowCount, s + 1);

  function writeSegment(): void {
    const columns = algorithm.concat([schema, ...pending.map((part) => part.columns)]);
    const weights = pending[0]?.weights === undefined ? undefined : new Float64Array(columns.rowCount);
    let at = 0;
    for (const part of pending) {
      weights?.set(part.weights!, at); // all parts have weights, or none
      at += part.columns.rowCount;
    }
    file.add({ columns, weights });
    pending = [];
    segment++;
  }

  return {
    add(part) {
      for (let start = 0; start < part.columns.rowCount; ) {
        while (endOf(segment) === row) writeSegment(); // a segment without rows
        const end = Math.min(part.columns.rowCount, start + endOf(segment) - row);
        pending.push(partOf(algorithm, part, start, end));
        row += end - start;
        start = end;
        if (row === endOf(segment)) writeSegment();
      }
    },
    build: () => ({
      get isReleased() {
        return file.isClosed;
      },
      async read(wanted) {
        // Segments after the last row hold nothing, and were never written.
        const { columns, weights } = (
          wanted < segment ? await file.read(wanted - firstSegment) : { columns: schema }
        ) as Part<C>;
        return { columns, start: 0, end: columns.rowCount, ...(weights === undefined ? {} : { weights }) };
      },
      release: () => file.close(),
    }),
    discard: () => file.close(),
  };
}
