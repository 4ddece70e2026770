/** The folds of a cross-validation. */

/**
 * Deals rows to folds: each run of `foldCount` rows is shuffled over the folds. So folds are equal in size to one row, and a
 * row's fold follows from its number alone: no rank needs to see the others' rows.
 * @param numberOf  a uniform number for each row
 */
export function dealFolds(numberOf: (row: number) => number, foldCount: number): (row: number) => number {
  let dealt = -1;
  let foldsOfRun: readonly number[] = [];
  return (row) => {
    const run = Math.floor(row / foldCount);
    if (run !== dealt) {
      dealt = run;
      const numbers = Array.from({ length: foldCount }, (_, i) => numberOf(run * foldCount + i));
      const order = numbers.map((_, i) => i).sort((a, b) => numbers[a]! - numbers[b]! || a - b);
      const folds = new Array<number>(foldCount);
      for (const [fold, i] of order.entries()) folds[i] = fold;
      foldsOfRun = folds;
    }
    return foldsOfRun[row % foldCount]!;
  };
}
