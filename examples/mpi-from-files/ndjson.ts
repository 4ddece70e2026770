import { linesOf, type Part } from './lines.js';

/** The rows of a file with one JSON value on each line; each rank reads its share of the bytes. */
export async function* ndjsonRows(path: string, part: Part): AsyncGenerator<readonly unknown[]> {
  for await (const lines of linesOf(path, part)) yield lines.map((line): unknown => JSON.parse(line));
}
