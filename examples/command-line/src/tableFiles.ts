/** Tables from the disk, or from standard input. */

import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { type RandomAccess, readTable, type Table, TableError } from '@dml-examples/tables';
import type { Output } from './output.js';

/**
 * @param path  `-` for standard input
 * @throws {TableError} for a file that is not there, or no table
 */
export async function openTable(path: string, output: Output): Promise<Table> {
  const table = await (path === '-' ? readTable(readFileSync(0), { name: 'the standard input' }) : fromDisk(path));
  for (const note of table.notes) output.tell(`${basename(path)}: ${note}`);
  return table;
}

async function fromDisk(path: string): Promise<Table> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new TableError(`${path} cannot be opened: ${reasonOf(error)}.`);
  }
  try {
    const facts = fstatSync(file);
    if (facts.isDirectory()) throw new TableError(`${path} is a folder.`);
    // A pipe has no size, and is read whole.
    if (!facts.isFile()) return await readTable(readFileSync(file), { name: basename(path) });
    return await readTable(partsOf(file, facts.size), { name: basename(path) });
  } finally {
    closeSync(file);
  }
}

/** A part at a time: of a Parquet file never all bytes are in memory. */
function partsOf(file: number, byteLength: number): RandomAccess {
  return {
    byteLength,
    slice(start, end = byteLength) {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length; ) {
        const read = readSync(file, bytes, at, bytes.length - at, start + at);
        if (read === 0) throw new TableError('the file ended while it was read.');
        at += read;
      }
      return bytes.buffer;
    },
  };
}

/** What the system says, without its code. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'it may not be read';
  return message;
}
