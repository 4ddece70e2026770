/** Encoded rows in the three places where they are met: brought by a rank, on the move, and kept for a fit. */

/** The rows of one segment: rows `[start, end)` of `columns`. */
export interface Piece<C> {
  readonly columns: C;
  readonly start: number;
  readonly end: number;
  /** One per row of `columns`; absent for 1. */
  readonly weights?: Float64Array;
}

/** Encoded rows that a rank has brought, before they have moved. */
export interface BroughtRows<C> {
  readonly rowCount: number;
  /** Describes the rows of this rank alone. */
  readonly schema: C;
  readonly hasWeights: boolean;
  /** The rows `[start, end)` in order, in one or several parts. */
  read(start: number, end: number): Iterable<Part<C>>;
  /** Frees what holds the rows. */
  release(): void;
}

/** Consecutive rows with their weights. */
export interface Part<C> {
  readonly columns: C;
  readonly weights?: Float64Array | undefined;
}

/** Keeps the segments of one rank. */
export interface SegmentStore<C> {
  /** The rows of one of this rank's segments. */
  read(segment: number): Piece<C> | Promise<Piece<C>>;
  release(): void;
}

/** Takes the parts of a rank's rows in order, and keeps them. */
export interface StoreBuilder<C> {
  readonly add: (part: Part<C>) => void;
  readonly build: () => SegmentStore<C>;
}

/** Encoded rows of all ranks; this rank holds those of its own run of segments. */
export interface Shard<C> {
  /** Rows of all ranks. */
  readonly rowCount: number;
  /** Describes the rows of all ranks; without rows. */
  readonly schema: C;
  readonly hasWeights: boolean;
  readonly segmentCount: number;
  /** This rank holds segments `[firstSegment, endSegment)`, which are rows `[firstRow, endRow)`. */
  readonly firstSegment: number;
  readonly endSegment: number;
  readonly firstRow: number;
  readonly endRow: number;
  /** Rank r brought rows `[brought[r], brought[r + 1])`. */
  readonly brought: readonly number[];
  readonly store: SegmentStore<C>;
}

/** Whether rows are encoded and distributed already. */
export function isShard<R, C>(rows: R | Shard<C>): rows is Shard<C> {
  return typeof rows === 'object' && rows !== null && 'store' in rows;
}

/** Why a rank has no rows to bring. */
export interface UnreadRows {
  /** Rows read before the error. */
  readonly rowCount: number;
  /** The error, with row numbers that count from `firstRow`, the number of rows on lower ranks. */
  errorAt(firstRow: number): unknown;
}
