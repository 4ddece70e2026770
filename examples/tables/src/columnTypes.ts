/** What a column can be read as. */

/**
 * - `number`: a Gaussian. `positive`: one on the log scale. `integer`: whole numbers as measurements, a Gaussian, too.
 * - `count`: Poisson, or negative binomial where the counts vary more.
 * - `category`: levels, each with a probability. `boolean`: two of them.
 * - `date`: a day or moment, as days since 1970. `text`: names, prose, codes. `nested`: lists, sets or objects.
 */
export type ColumnType = (typeof COLUMN_TYPES)[number];
export const COLUMN_TYPES = [
  ...(['number', 'positive', 'integer', 'count', 'category', 'boolean', 'date', 'text', 'nested'] as const),
] as const;

/** What a column is read as: all that a model file must know to read other tables. */
export interface ReadAs {
  readonly name: string;
  readonly type: ColumnType;
  /** The levels of a category are these in the rows. */
  readonly levelKind?: 'numbers' | 'texts' | 'booleans';
}
