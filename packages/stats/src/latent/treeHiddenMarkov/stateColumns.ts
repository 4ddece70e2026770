/** Sums of products over the states of many nodes at once: by kernels, and in place where the nodes are few. */
import { kernels } from '../../numeric/kernels/index.js';

/** Nodes of a generation below which a call of a kernel takes longer than what it does. */
export const WORTH_A_CALL = 16;

/** S numbers for each of `n` nodes: that of state s of node i at `base + s * n + i`. */
export interface StateColumns {
  readonly numbers: Float64Array;
  readonly base: number;
}

function columnsOf({ numbers, base }: StateColumns, n: number, stateCount: number): Float64Array[] {
  return Array.from({ length: stateCount }, (_, s) => numbers.subarray(base + s * n, base + (s + 1) * n));
}

/** to_b = Σ_a A_{b a} from_a, with A_{b a} at `b * rowStep + a * columnStep`. */
export function multiplyAll(
  A: Float64Array,
  [rowStep, columnStep]: readonly [number, number],
  stateCount: number,
  from: StateColumns,
  n: number,
  to: StateColumns,
): void {
  if (n < WORTH_A_CALL) {
    for (let b = 0; b < stateCount; b++) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let a = 0; a < stateCount; a++) {
          sum += from.numbers[from.base + a * n + i]! * A[b * rowStep + a * columnStep]!;
        }
        to.numbers[to.base + b * n + i] = sum;
      }
    }
    return;
  }
  const { linearLogDensity, addLinearLogDensity } = kernels(n); // a column times a number
  const columns = columnsOf(from, n, stateCount);
  columnsOf(to, n, stateCount).forEach((out, b) => {
    linearLogDensity(columns[0]!, n, A[b * rowStep]!, 0, out);
    for (let a = 1; a < stateCount; a++) {
      addLinearLogDensity(columns[a]!, n, A[b * rowStep + a * columnStep]!, 0, out);
    }
  });
}

/** sums_{b a} += Σ_i x_b y_a over the `n` nodes. */
export function addProducts(x: StateColumns, y: StateColumns, n: number, stateCount: number, sums: Float64Array): void {
  if (n < WORTH_A_CALL) {
    for (let b = 0; b < stateCount; b++) {
      for (let a = 0; a < stateCount; a++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += x.numbers[x.base + b * n + i]! * y.numbers[y.base + a * n + i]!;
        sums[b * stateCount + a]! += sum;
      }
    }
    return;
  }
  const { weightedSum } = kernels(n);
  const ofY = columnsOf(y, n, stateCount);
  columnsOf(x, n, stateCount).forEach((ofX, b) => {
    for (let a = 0; a < stateCount; a++) sums[b * stateCount + a]! += weightedSum(ofY[a]!, ofX, n);
  });
}
