/** The values of one field in all rows. */
import { type Field, ITEMS, isGap, LENGTH, valuesOf } from '../model/fields.js';

/** Calls `visit` for each value that is there; @returns how many are missing */
export function eachValue(rows: ArrayLike<unknown>, field: Field, visit: (value: unknown) => void): number {
  const { steps, marker } = field;
  const [step] = steps ?? [];
  let missing = 0;
  // The usual fields, without lists in between.
  if (steps?.length === 0 || (steps?.length === 1 && step !== ITEMS && step !== LENGTH)) {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      const value =
        step === undefined ? row : (row as Readonly<Record<string | number, unknown>> | null)?.[step as string];
      if (isGap(value, marker)) missing++;
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
