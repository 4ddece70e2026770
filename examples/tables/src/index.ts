export { COLUMN_TYPES, type ColumnType, type ReadAs } from './columnTypes.js';
export { estimatorOf, type RowEstimator } from './estimatorOf.js';
export { digits, type Level, type NumberFacts } from './facts.js';
export { fromTable, type TableSource } from './fromTable.js';
export { type InferTypesOptions, inferTypes, type TypedColumn } from './inferTypes.js';
export { nearest } from './nearest.js';
export type { RandomAccess } from './parquet.js';
export { type ReadTableOptions, readTable, type TableFormat } from './readTable.js';
export { type Row, rowsOf } from './rowsOf.js';
export {
  type BooleanColumn,
  type Column,
  cellAt,
  type DateColumn,
  type NumberColumn,
  type OtherColumn,
  type Table,
  TableError,
  type TextColumn,
} from './table.js';
