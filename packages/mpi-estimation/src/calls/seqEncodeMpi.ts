import { isShard, type Shard } from '../rows/encodedRows.js';
import { OptionError } from '../errors.js';
import { attempt } from '../ranks/exchange.js';
import { storeInMemory } from '../rows/memory.js';
import { checkNames, type EncodeOptions } from './options.js';
import type { Algorithm, Columns, Communicator } from '../ports.js';
import { builderInMemory, type Rows, readRows } from '../rows/readRows.js';
import { makeShard } from '../rows/shard.js';
import { agree, checkCall } from '../ranks/agree.js';
import { builderOnDisk, storeOnDisk } from '../rows/spill.js';
import { Stopwatch } from '../timings.js';

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
  checkCall('seqEncodeMpi', algorithm, options);
  const { comm } = options;
  agree(
    comm,
    'seqEncodeMpi',
    attempt(() => {
      checkNames('seqEncodeMpi', options, ['comm', 'spill', 'weights']);
      return { options: {}, estimator: algorithm.estimator };
    }),
  );
  return encodeShard(comm, algorithm, rows, options, new Stopwatch());
}

/** {@link seqEncodeMpi} without the comparison of options, for callers that have made it. */
export async function encodeShard<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  rows: Rows<T> | Shard<C>,
  { weights, spill }: EncodeOptions<T>,
  stopwatch: Stopwatch,
): Promise<Shard<C>> {
  if (isShard(rows)) return rows;
  // Where the disk refuses, its error is told like that of a bad row.
  const builder = () => (spill === undefined ? builderInMemory(algorithm) : builderOnDisk(algorithm, spill));
  const own = await stopwatch.time('encode', () => readRows(algorithm, rows, weights, builder));
  return stopwatch.timeSync('distribute', () =>
    makeShard(comm, algorithm, own, (schema, plan) =>
      spill === undefined ? storeInMemory(algorithm, schema, plan) : storeOnDisk(algorithm, schema, plan, spill),
    ),
  );
}

/** Collective: encodes the rows that choose the best iterate. @throws {OptionError} on every rank, when there are none */
export async function encodeValidation<T, D, C extends Columns>(
  call: string,
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  { validation, spill }: { readonly validation?: Rows<T> | Shard<C> } & Pick<EncodeOptions<T>, 'spill'>,
  stopwatch: Stopwatch,
): Promise<Shard<C> | undefined> {
  if (validation === undefined) return undefined;
  const shard = await encodeShard(comm, algorithm, validation, { spill }, stopwatch);
  checkRowCount(`${call}: validation`, shard);
  return shard;
}

/** @throws {OptionError} on every rank, when none has rows */
export function checkRowCount(what: string, { rowCount }: Shard<unknown>): void {
  if (rowCount === 0) throw new OptionError(`${what}: no rank has rows. Give at least one row.`);
}
