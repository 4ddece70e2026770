/** Assigns the members of one set to those of another at the least total cost. */

/**
 * The assignment of rows to columns with the least total cost: `assignment(cost)[i]` is the column of row i. O(n² m).
 * @param cost  n rows of m >= n finite costs
 * @see Jonker & Volgenant (1987), A shortest augmenting path algorithm for dense and sparse linear assignment problems
 */
export function assignment(cost: readonly (readonly number[])[]): number[] {
  const rowCount = cost.length;
  const columnCount = cost[0]?.length ?? 0;
  const rowPrice = new Float64Array(rowCount);
  const columnPrice = new Float64Array(columnCount);
  /** The row of each column; -1 for none. */
  const rowOf = new Int32Array(columnCount).fill(-1);
  for (let first = 0; first < rowCount; first++) {
    // The shortest path of changes from the new row to a column that nobody has.
    const distance = new Float64Array(columnCount).fill(Infinity);
    const before = new Int32Array(columnCount).fill(-1);
    const isDone = new Uint8Array(columnCount);
    let row = first;
    let column = -1;
    let reached = 0;
    for (;;) {
      let nearest = -1;
      for (let j = 0; j < columnCount; j++) {
        if (isDone[j] === 1) continue;
        const through = reached + cost[row]![j]! - rowPrice[row]! - columnPrice[j]!;
        if (through < distance[j]!) {
          distance[j] = through;
          before[j] = column;
        }
        if (nearest < 0 || distance[j]! < distance[nearest]!) nearest = j;
      }
      column = nearest;
      reached = distance[column]!;
      isDone[column] = 1;
      if (rowOf[column] === -1) break;
      row = rowOf[column]!;
    }
    rowPrice[first]! += reached;
    for (let j = 0; j < columnCount; j++) {
      if (isDone[j] === 0 || j === column) continue;
      columnPrice[j]! += distance[j]! - reached;
      rowPrice[rowOf[j]!]! += reached - distance[j]!;
    }
    while (column !== -1) {
      const previous = before[column]!;
      rowOf[column] = previous === -1 ? first : rowOf[previous]!;
      column = previous;
    }
  }
  const columnOf = new Array<number>(rowCount);
  rowOf.forEach((assigned, j) => {
    if (assigned >= 0) columnOf[assigned] = j;
  });
  return columnOf;
}
