/**
 * The most probable path of hidden states: max over z of p(z, x), by dynamic programming with back-pointers.
 * Source: Rabiner, A tutorial on hidden Markov models (1989), eq. 32 to 35.
 *
 * @param logEmission  log p(x_t | s), state-major: position t of state s at `s * length + t`
 * @param logInitial  log P(first state), [S]
 * @param logTransition  row-major [S × S], from row to column
 * @returns the states of positions 0 … length - 1; ties go to the lower state
 */
export function viterbiPath(
  logEmission: Float64Array,
  length: number,
  logInitial: Float64Array,
  logTransition: Float64Array,
): Int32Array {
  const stateCount = logInitial.length;
  const path = new Int32Array(length);
  if (length === 0) return path;
  const backPointer = new Int32Array(stateCount * length);
  let best = Float64Array.from(logInitial, (v, s) => v + logEmission[s * length]!);
  for (let t = 1; t < length; t++) {
    const next = new Float64Array(stateCount);
    for (let s = 0; s < stateCount; s++) {
      let from = 0;
      let score = best[0]! + logTransition[s]!;
      for (let r = 1; r < stateCount; r++) {
        const candidate = best[r]! + logTransition[r * stateCount + s]!;
        if (candidate > score) {
          score = candidate;
          from = r;
        }
      }
      backPointer[s * length + t] = from;
      next[s] = score + logEmission[s * length + t]!;
    }
    best = next;
  }
  path[length - 1] = best.reduce((winner, score, s) => (score > best[winner]! ? s : winner), 0);
  for (let t = length - 1; t > 0; t--) path[t - 1] = backPointer[path[t]! * length + t]!;
  return path;
}
