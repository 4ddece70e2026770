import { open } from 'node:fs/promises';

/** Which part of a file a rank reads. */
export interface Part {
  readonly rank: number;
  readonly size: number;
}

const BLOCK = 1 << 20;
const NEWLINE = 0x0a;

/**
 * The lines that begin in a rank's share of the bytes of a file, in lists. Every line belongs to exactly one rank, and the
 * ranks' lines, one after the other, are the file. A line must not hold a line break, not even between quotes.
 */
export async function* linesOf(path: string, { rank, size }: Part): AsyncGenerator<readonly string[]> {
  const file = await open(path);
  try {
    const { size: bytes } = await file.stat();
    const start = Math.floor((bytes * rank) / size);
    const end = Math.floor((bytes * (rank + 1)) / size);
    const block = Buffer.alloc(BLOCK);
    // From one byte before: a line begins at `start` exactly when that byte is a line break.
    let at = Math.max(0, start - 1);
    let isBeforeFirst = start > 0;
    let rest = Buffer.alloc(0);
    // The last line that begins before `end` may go on after it.
    for (let lineStart = at; lineStart < end && at < bytes; ) {
      const { bytesRead } = await file.read(block, 0, BLOCK, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const text = Buffer.concat([rest, block.subarray(0, bytesRead)]);
      const lines: string[] = [];
      let from = 0;
      for (let to = text.indexOf(NEWLINE); to >= 0; to = text.indexOf(NEWLINE, from)) {
        if (isBeforeFirst) isBeforeFirst = false;
        else if (lineStart < end) lines.push(text.toString('utf8', from, to).replace(/\r$/, ''));
        lineStart += to + 1 - from;
        from = to + 1;
      }
      rest = Buffer.from(text.subarray(from));
      if (at >= bytes && rest.length > 0 && !isBeforeFirst && lineStart < end) lines.push(rest.toString('utf8'));
      const kept = lines.filter((line) => line !== '');
      if (kept.length > 0) yield kept;
    }
  } finally {
    await file.close();
  }
}
