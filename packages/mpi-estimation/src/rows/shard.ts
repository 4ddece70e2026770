/**
 * Gives every rank the rows of its own segments, encoded. One rank may bring them, or all, as lists or streams. Ranks agree
 * on the description of the rows (levels, ranges) once; then rows move once.
 */
import { failureOf, formatValue, OptionError } from '../errors.js';
import type { Algorithm, Columns, Communicator } from '../ports.js';
import { linesOf } from '../ranks/agree.js';
import { attempt, exchange, failAll, fromRoot, type Outcome, settle } from '../ranks/exchange.js';
import type { BroughtRows, Part, Shard, ShardPlan, StoreBuilder, UnreadRows } from './encodedRows.js';
import { partOf, storeInMemory } from './memory.js';
import { move } from './move.js';
import { firstSegment } from './tree.js';

/** Where the rows of each rank begin, and their number in all: an exclusive prefix sum. */
export function offsetsOf(counts: readonly number[]): number[] {
  const offsets = [0];
  for (const count of counts) offsets.push(offsets.at(-1)! + count);
  return offsets;
}

/** What each rank announces about its rows before they move. */
interface Census {
  readonly rowCount: number;
  readonly givenCount: number;
  readonly hasWeights: boolean;
  readonly isUnread: boolean;
}

/** Collective: the census of all ranks. @throws {RankError} on every rank, for the lowest rank whose rows are bad */
function takeCensus(comm: Communicator, own: BroughtRows<unknown> | UnreadRows): Census[] {
  const isUnread = 'errorAt' in own;
  const rowCount = isUnread ? 0 : own.rowCount;
  const hasWeights = !isUnread && own.hasWeights;
  const census = exchange<Census>(comm, { value: { rowCount, givenCount: own.givenCount, hasWeights, isUnread } });
  const failed = census.findIndex((entry) => entry.isUnread);
  if (failed < 0) return census;
  const firstRow = census.slice(0, failed).reduce((sum, { givenCount }) => sum + givenCount, 0);
  const error = isUnread ? own.errorAt(firstRow) : undefined;
  return failAll(comm, failed === comm.rank ? { failure: failureOf(error), error } : { value: null });
}

/** Where the rows that each rank holds for a fit begin, and their number in all. */
export function heldRows<T, D, C extends Columns>(
  { segments }: Algorithm<T, D, C>,
  rowCount: number,
  size: number,
): readonly number[] {
  const segmentCount = segments.count(rowCount);
  return Array.from({ length: size + 1 }, (_, rank) =>
    segments.start(rowCount, firstSegment(segmentCount, rank, size)),
  );
}

/**
 * Collective: makes the shard of each rank.
 * @param own  the rows that this rank brought, or why it could not; they are released
 * @param makeBuilder  makes the store for the rows that this rank is to hold
 * @throws {RankError} on every rank, when the rows of one are bad
 */
export function makeShard<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  own: BroughtRows<C> | UnreadRows,
  makeBuilder: (schema: C, plan: ShardPlan) => StoreBuilder<C>,
): Shard<C> {
  let builder: StoreBuilder<C> | undefined;
  try {
    const census = takeCensus(comm, own);
    const rows = own as BroughtRows<C>; // else the census has thrown
    const plan = planOf(comm, algorithm, census, rows.numbers);
    const schema = agreeOnSchema(comm, algorithm, rows.schema);
    builder = settle(
      comm,
      attempt(() => makeBuilder(schema, plan)),
    );
    const moved = deal(comm, algorithm, rows, schema, plan, builder);
    const { build } = builder;
    return { ...plan, schema, store: settle(comm, 'failure' in moved ? moved : attempt(build)) };
  } catch (error) {
    builder?.discard();
    throw error;
  } finally {
    if (!('errorAt' in own)) own.release();
  }
}

/**
 * Collective: makes the shard of each rank from encoded rows that all of them can read. No row moves, and none is copied.
 * @param columns  all rows, equal on every rank
 * @throws {OptionError} on every rank, when the ranks have different rows
 * @throws {RankError} on every rank, for the first bad weight
 */
export function makeSharedShard<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  columns: C,
  weights: Float64Array | undefined,
): Shard<C> {
  const own = attempt(() => {
    const rowCount = checkedRowCount(columns);
    checkWeights(weights, rowCount);
    const schema = algorithm.slice(columns, 0, 0);
    const counted = weights?.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
    return { rowCount, counted: counted ?? rowCount, schema: linesOf(schema).join('\n') };
  });
  const all = exchange(comm, own);
  const other = all.findIndex((entry) => JSON.stringify(entry) !== JSON.stringify(all[0]));
  if (other > 0) {
    throw new OptionError(
      `the encoded rows of ranks 0 and ${other} are not the same: ${all[0]!.rowCount} and ${all[other]!.rowCount} rows. Give every rank all rows.`,
    );
  }
  // As if rank 0 had brought them.
  const none = { rowCount: 0, givenCount: 0, hasWeights: false, isUnread: false };
  const { rowCount: givenCount, counted: rowCount } = all[0]!;
  const hasWeights = weights?.some((weight) => weight !== 0 && weight !== 1) === true;
  const numbers = rowCount < givenCount ? Int32Array.from(positiveRows(weights!)) : undefined;
  const plan = planOf(
    comm,
    algorithm,
    all.map((_, rank) => (rank === 0 ? { ...none, rowCount, givenCount, hasWeights } : none)),
    comm.rank === 0 ? numbers : undefined,
  );
  const { firstRow, endRow } = plan;
  const schema = algorithm.slice(columns, 0, 0);
  const keep = () => {
    const builder = storeInMemory(algorithm, schema, plan);
    const own = numbers?.subarray(firstRow, endRow);
    builder.add(
      own === undefined
        ? partOf(algorithm, { columns, weights }, firstRow, endRow)
        : { columns: algorithm.take(columns, own), weights: Float64Array.from(own, (row) => weights![row]!) },
    );
    return builder.build();
  };
  return { ...plan, schema, store: settle(comm, attempt(keep)) };
}

/** @throws {OptionError} unless `columns` are encoded rows */
function checkedRowCount(columns: Columns | null | undefined): number {
  const rowCount: unknown = columns?.rowCount;
  if (Number.isInteger(rowCount) && (rowCount as number) >= 0) return rowCount as number;
  throw new OptionError(
    `shareColumnsMpi: the first argument must be encoded rows, em(estimator).encode(rows), found ${formatValue(columns)}.`,
  );
}

/** The rows of positive weight. */
function* positiveRows(weights: Float64Array): Generator<number> {
  for (let row = 0; row < weights.length; row++) if (weights[row]! > 0) yield row;
}

/** @throws {OptionError} for a number of weights that is not that of the rows, or a bad one */
function checkWeights(weights: Float64Array | undefined, rowCount: number): void {
  if (weights === undefined) return;
  if (weights.length !== rowCount) {
    throw new OptionError(`weights must have one entry per row, ${rowCount}, found ${weights.length}.`);
  }
  for (let row = 0; row < rowCount; row++) {
    if (weights[row]! >= 0 && weights[row]! < Infinity) continue;
    const message = `weights: row ${row} must have a finite weight >= 0, found ${weights[row]}.`;
    throw Object.assign(new OptionError(message), { row });
  }
}

function planOf<T, D, C extends Columns>(
  { rank, size }: Communicator,
  algorithm: Algorithm<T, D, C>,
  census: readonly Census[],
  numbers: Int32Array | undefined,
): ShardPlan {
  const brought = offsetsOf(census.map(({ rowCount }) => rowCount));
  const rowCount = brought.at(-1)!;
  const segmentCount = algorithm.segments.count(rowCount);
  const held = heldRows(algorithm, rowCount, size);
  return {
    encodedBy: algorithm,
    rowCount,
    hasWeights: census.some(({ hasWeights }) => hasWeights),
    segmentCount,
    firstSegment: firstSegment(segmentCount, rank, size),
    endSegment: firstSegment(segmentCount, rank + 1, size),
    firstRow: held[rank]!,
    endRow: held[rank + 1]!,
    brought,
    given: offsetsOf(census.map(({ givenCount }) => givenCount)),
    numbers,
  };
}

/** Collective: moves the rows of all ranks to those that are to hold them. */
function deal<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  rows: BroughtRows<C>,
  schema: C,
  { hasWeights, brought, rowCount }: ShardPlan,
  { add }: StoreBuilder<C>,
): Outcome<unknown> {
  const agreed = linesOf(schema).join('\n');
  const isAgreed = (columns: C) => linesOf(algorithm.slice(columns, 0, 0)).join('\n') === agreed;
  const translate = ({ columns, weights }: Part<C>): Part<C> => ({
    // Levels get the codes that all ranks agreed on, unless they have them already, for example when one rank brought all rows.
    columns: isAgreed(columns) ? columns : algorithm.concat([schema, columns]),
    weights: hasWeights ? (weights ?? new Float64Array(columns.rowCount).fill(1)) : undefined,
  });
  const firstBrought = brought[comm.rank]!;
  return move<C>(comm, brought, heldRows(algorithm, rowCount, comm.size), {
    read: function* (start, end) {
      for (const part of rows.read(start - firstBrought, end - firstBrought)) yield translate(part);
    },
    add,
  });
}

/** @throws {OptionError} for encoded rows that this algorithm cannot take, or that have been released */
export function checkShard<T, D, C extends Columns>(
  call: string,
  algorithm: Algorithm<T, D, C>,
  shard: Shard<C>,
): void {
  if (shard.store.isReleased) {
    throw new OptionError(`${call}: these encoded rows have been released. Encode the rows again.`);
  }
  const { encodedBy } = shard;
  if (encodedBy === algorithm || algorithm.sharesColumns?.(encodedBy) !== false) return;
  const [there, here] = [encodedBy, algorithm].map(({ estimator }) => linesOf(estimator));
  const line = here!.findIndex((fact, i) => fact !== there![i]);
  if (line < 0 && here!.length === there!.length) return;
  const [encoded, fitted] = [there, here].map((facts) =>
    (facts![Math.max(line, 0)] ?? 'nothing').replace(/^[.:]\s*/, ''),
  );
  throw new OptionError(
    `${call}: these rows were encoded for another kind of data: "${encoded}" there, "${fitted}" here. Encode them again with this estimator.`,
  );
}

/** Collective: one description of the rows of all ranks, earlier ranks first. */
function agreeOnSchema<T, D, C extends Columns>(comm: Communicator, algorithm: Algorithm<T, D, C>, own: C): C {
  if (comm.size === 1) return own;
  const schemas = comm.gatherObject(own);
  return fromRoot(comm, schemas === null ? undefined : attempt(() => algorithm.concat(schemas)));
}
