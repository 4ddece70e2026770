import { parse } from 'csv-parse/sync';
import { linesOf, type Part } from './lines.js';

/** The rows of a CSV file with a header line, as objects of text; each rank reads its share of the bytes. */
export async function* csvRows(path: string, part: Part): AsyncGenerator<readonly Readonly<Record<string, string>>[]> {
  let columns: string[] | undefined;
  for await (const [first] of linesOf(path, { rank: 0, size: 1 })) {
    columns = parse(first ?? '')[0];
    break;
  }
  let isFirst = part.rank === 0;
  for await (const lines of linesOf(path, part)) {
    const rows = isFirst ? lines.slice(1) : lines;
    isFirst = false;
    yield parse(rows.join('\n'), { columns: columns ?? [] });
  }
}
