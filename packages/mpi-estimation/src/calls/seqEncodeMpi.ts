import type { Algorithm, Columns, Communicator } from '../ports.js';
import type { Shard } from '../rows/encodedRows.js';
import { type EncodeOptions, encodeShard } from '../rows/encodeShard.js';
import type { Rows } from '../rows/readRows.js';
import { Stopwatch } from '../timings.js';
import { begin, type Call } from './withFit.js';

const CALL: Call = { name: 'seqEncodeMpi', options: ['comm', 'spill', 'weights'] };

/**
 * Collective: encodes the rows of all ranks, agrees on their description and gives every rank the rows of its segments.
 * Several fits can then share them.
 * @param rows  the rows of this rank; `null` for none
 * @returns  the part of the rows that this rank holds from now on; with `spill`, `shard.store.release()` frees the disk
 * @throws {RankError} on every rank, for the first bad row, with its rank and global row number
 * @example
 * export async function fitTwice<T>(rows: T[] | null, algorithm: Algorithm<T, object, Columns>, comm: Communicator) {
 *   const shard = await seqEncodeMpi(rows, algorithm, { comm });
 *   return [await optimizeMpi(shard, algorithm, { comm, seed: 1 }), await optimizeMpi(shard, algorithm, { comm, seed: 2 })];
 * }
 */
export async function seqEncodeMpi<T, D, C extends Columns>(
  rows: Rows<T>,
  algorithm: Algorithm<T, D, C>,
  options: EncodeOptions<T> & { readonly comm: Communicator },
): Promise<Shard<C>> {
  begin(CALL, rows, algorithm, options);
  return encodeShard(options.comm, algorithm, rows, options, new Stopwatch());
}
