/** Tables from the bytes of a file. */

import { tableOfCsv } from './csv.js';
import { foreignKind, HEAD, looksBinary } from './fileKind.js';
import { tableOfJson, tableOfNdjson } from './json.js';
import { type RandomAccess, tableOfParquet } from './parquet.js';
import { type Table, TableError } from './table.js';

export type TableFormat = 'csv' | 'tsv' | 'json' | 'ndjson' | 'parquet';

/** Options of {@link readTable}. */
export interface ReadTableOptions {
  /** Default: from the first bytes and the name. */
  readonly format?: TableFormat;
  /** The name of the file, for messages and for its ending. */
  readonly name?: string;
}

/**
 * Reads a table.
 * @param file  bytes, a Blob (a file that was dropped on a page), or what gives parts of a file
 * @throws {TableError} with row and column, where there are any
 * @example
 * const table = await readTable(new TextEncoder().encode('a,b\n1,x\n2,y\n'));
 * table.columns.map(({ name, kind }) => `${name}: ${kind}`); // ['a: numbers', 'b: texts']
 */
export async function readTable(
  file: Uint8Array | ArrayBuffer | Blob | RandomAccess,
  { format, name = 'the file' }: ReadTableOptions = {},
): Promise<Table> {
  const source = randomAccess(file);
  if (source.byteLength === 0) throw new TableError(`${name} is empty.`);
  const head = new Uint8Array(await source.slice(0, Math.min(HEAD, source.byteLength)));
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const unpacked = await unzip(await source.slice(0, source.byteLength), name);
    return readTable(unpacked, { ...(format && { format }), name: name.replace(/\.gz$/i, '') });
  }
  const foreign = foreignKind(head, name);
  if (foreign !== undefined) throw new TableError(foreign);
  const found = format ?? formatOf(head, name);
  if (found === 'parquet') return tableOfParquet(source, name);
  const text = textOf(new Uint8Array(await source.slice(0, source.byteLength)), name);
  if (text.trim() === '') throw new TableError(`${name} is empty.`);
  if (found === 'tsv') return tableOfCsv(text, name, '\t');
  if (found === 'csv') return tableOfCsv(text, name);
  return found === 'ndjson' || isNdjson(text) ? tableOfNdjson(text, name) : tableOfJson(text, name);
}

function randomAccess(file: Uint8Array | ArrayBuffer | Blob | RandomAccess): RandomAccess {
  if (file instanceof Uint8Array) {
    const { buffer, byteOffset, byteLength } = file;
    return {
      byteLength,
      slice: (start, end = byteLength) => buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer,
    };
  }
  if (file instanceof Blob) {
    return { byteLength: file.size, slice: (start, end) => file.slice(start, end).arrayBuffer() };
  }
  return file;
}

async function unzip(bytes: ArrayBuffer, name: string): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new TableError(`${name} cannot be unpacked: it may be cut off.`);
  }
}

function formatOf(head: Uint8Array, name: string): TableFormat {
  const magic = String.fromCharCode(...head.subarray(0, 8));
  if (magic.startsWith('PAR1')) return 'parquet';
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase();
  if (ending === 'parquet') throw new TableError(`${name} is no Parquet file: it does not begin with PAR1.`);
  if (ending === 'tsv' || ending === 'tab') return 'tsv';
  if (ending === 'ndjson' || ending === 'jsonl') return 'ndjson';
  if (ending === 'json') return 'json';
  if (ending === 'csv') return 'csv';
  return /^\s*[[{]/.test(magic) ? 'json' : 'csv';
}

/** Whether the first line is an object of its own, and another line follows. */
function isNdjson(text: string): boolean {
  const [line = '', ...others] = text.trim().split('\n', 2);
  if (!line.startsWith('{') || !line.trimEnd().endsWith('}')) return false;
  try {
    const values = Object.values(JSON.parse(line) as object);
    return others.length > 0 || !values.every(Array.isArray);
  } catch {
    return false;
  }
}

/** Texts of other encodings are refused at their first line: wrong letters would become wrong levels. */
function textOf(bytes: Uint8Array, name: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    if (looksBinary(bytes.subarray(0, HEAD))) {
      throw new TableError(
        `${name} is no text: its bytes are those of a binary file. Save the table as CSV or Parquet.`,
      );
    }
    throw new TableError(`${name}: line ${firstBadLine(bytes)} is not UTF-8. Save the file in that encoding.`);
  }
  const zero = text.slice(0, 10_000).indexOf('\0');
  if (zero >= 0) {
    throw new TableError(
      `${name} is no text: there is a zero byte at character ${zero + 1}. It is a binary file, or a text to be saved as UTF-8.`,
    );
  }
  return text;
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(10, start);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
    line++;
  }
}
