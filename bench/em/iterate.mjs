/**
 * One E step over all rows, along the tree that `segments` prescribes, and the M step.
 * @param piece  what stands for rows [start, end) of the columns. Default: the columns themselves
 */
export function iterate(algorithm, steps, columns, model, piece = (start, end) => ({ columns, start, end })) {
  const { count, start: first } = algorithm.segments;
  const { rowCount } = columns;
  const under = (from, to) => {
    if (to - from > 1) {
      const middle = (from + to) / 2;
      return steps.combine(under(from, middle), under(middle, to));
    }
    const rows = piece(first(rowCount, from), first(rowCount, to));
    return steps.expectation(model, rows.columns, rows.start, rows.end);
  };
  const statistic = under(0, count(rowCount));
  return { ...steps.likelihood(statistic), model: steps.maximization(model, statistic).model };
}
