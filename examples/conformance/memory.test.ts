import { expect, it } from 'vitest';
import { succeed } from './job.js';

it('needs no more memory for three times the rows when they wait on disk', async () => {
  const peakOf = async (rowCount: number) => {
    const { reports } = await succeed('memory', 'self', 1, [String(rowCount)]);
    return reports[0]!.peakMegabytes as number;
  };
  const few = await peakOf(3_000_000);
  const many = await peakOf(9_000_000);
  // Six million more rows take 72 MB when they are encoded, and twice that while they are joined. The rest is slack for
  // the garbage collector.
  expect(many - few).toBeLessThan(36);
}, 400_000);
