/** From the rows that ranks bring to the encoded rows that each of them holds. */
import type { Algorithm, Columns, Communicator } from '../ports.js';
import type { Stopwatch } from '../timings.js';
import { isShard, type Shard } from './encodedRows.js';
import { builderInMemory, storeInMemory } from './memory.js';
import { type Rows, readRows, type Weights } from './readRows.js';
import { makeShard } from './shard.js';
import { builderOnDisk, type SpillOptions, storeOnDisk } from './spill.js';

/** How rows are encoded and kept. */
export interface EncodeOptions<T> {
  /** Weights of this rank's rows: on all ranks that bring rows, or on none. Default 1. */
  readonly weights?: Weights<T> | undefined;
  /** Keeps encoded rows on disk instead of in memory. Default: in memory. A rank may differ. */
  readonly spill?: SpillOptions | undefined;
}

/**
 * Collective: encodes the rows of all ranks and gives each rank those of its segments.
 * @returns  `rows` themselves, when they are encoded already
 * @throws {RankError} on every rank, for the first bad row
 */
export async function encodeShard<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  rows: Rows<T> | Shard<C>,
  { weights, spill }: EncodeOptions<T>,
  stopwatch: Stopwatch,
): Promise<Shard<C>> {
  if (isShard(rows)) return rows;
  // Where the disk refuses, its error is reported like that of a bad row.
  const builder = () => (spill === undefined ? builderInMemory(algorithm) : builderOnDisk(algorithm, spill));
  const own = await stopwatch.time('encode', () => readRows(algorithm, rows, weights, builder));
  return stopwatch.timeSync('distribute', () =>
    makeShard(comm, algorithm, own, (schema, plan) =>
      spill === undefined ? storeInMemory(algorithm, schema, plan) : storeOnDisk(algorithm, schema, plan, spill),
    ),
  );
}
