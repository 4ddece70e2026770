/** The values of one field in all rows. */
import { type Field, ITEMS, isGap, LENGTH, valuesOf } from '../model/fields.js';

/** Rows that are kept as columns give a column at once; of others it is a row's field. */
interface MaybeColumns {
  column?(name: string): ArrayLike<unknown>;
}

/** Calls `visit` for each value that is there; @returns how many are missing */
export function eachValue(rows: ArrayLike<unknown>, field: Field, visit: (value: unknown) => void): number {
  const read = readerOf(rows, field);
  let missing = 0;
  if (read !== undefined) {
    for (let i = 0; i < rows.length; i++) {
      const value = read(i);
      if (isGap(value, field.marker)) missing++;
      else visit(value);
    }
    return missing;
  }
  for (let i = 0; i < rows.length; i++) {
    const values = valuesOf(rows[i], field);
    if (values.length === 0) missing++;
    for (const value of values) visit(value);
  }
  return missing;
}

/** The value of row i, for the usual fields: the row itself, or one step into it. `undefined` for the others. */
function readerOf(rows: ArrayLike<unknown>, { steps }: Field): ((i: number) => unknown) | undefined {
  if (steps === undefined || steps.length > 1) return undefined;
  const [step] = steps;
  if (step === undefined) return (i) => rows[i];
  if (step === ITEMS || step === LENGTH) return undefined;
  const column = typeof step === 'string' ? (rows as MaybeColumns).column?.(step) : undefined;
  if (column !== undefined) return (i) => column[i];
  return (i) => (rows[i] as Readonly<Record<string | number, unknown>> | null)?.[step];
}

/** The numbers of a field, sorted; those that are not finite are left out. */
export function sortedNumbers(rows: ArrayLike<unknown>, field: Field): Float64Array {
  const numbers: number[] = [];
  eachValue(rows, field, (value) => {
    if (typeof value === 'number' && Number.isFinite(value)) numbers.push(value);
  });
  return Float64Array.from(numbers).sort();
}

/** How often each value of a field occurs. */
export function countsOf(rows: ArrayLike<unknown>, field: Field): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  eachValue(rows, field, (value) => counts.set(value, (counts.get(value) ?? 0) + 1));
  return counts;
}
