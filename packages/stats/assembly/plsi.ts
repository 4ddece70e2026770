/** Words of documents that have state probabilities of their own. Twin: src/numeric/kernels/twin/plsi.ts. */

/** Σ_k a_k b_k: row k in lane k mod 4. */
function dot(a: usize, b: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let left = count;
  for (; left >= 4; left -= 4) {
    low = f64x2.add(low, f64x2.mul(v128.load(a), v128.load(b)));
    high = f64x2.add(high, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  if (left >= 2) {
    low = f64x2.add(low, f64x2.mul(v128.load(a), v128.load(b)));
    // What is left belongs to lane 2.
    if (left == 3) high = f64x2.add(high, f64x2.mul(v128.load64_zero(a, 16), v128.load64_zero(b, 16)));
  } else if (left == 1) low = f64x2.add(low, f64x2.mul(v128.load64_zero(a), v128.load64_zero(b)));
  const pair = f64x2.add(low, high);
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

export function wordNorms(
  wordTable: usize, stateTable: usize, stateCount: i32, offsets: usize, rowCount: i32, documents: usize, words: usize,
  norms: usize,
): void {
  const bytes = (<usize>stateCount) << 3;
  for (let row = 0; row < rowCount; row++) {
    const states = stateTable + (<usize>load<i32>(documents)) * bytes;
    for (let left = load<i32>(offsets, 4) - load<i32>(offsets); left > 0; left--) {
      store<f64>(norms, dot(wordTable + (<usize>load<i32>(words)) * bytes, states, stateCount));
      words += 4;
      norms += 8;
    }
    documents += 4;
    offsets += 4;
  }
}

// @ts-ignore: decorator
@inline
function addTo(sums: usize, shares: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), shares));
}

/** The shares of the states in one word. */
function addShares(scale: f64, word: usize, states: usize, count: i32, wordSums: usize, stateSums: usize): void {
  const factor = f64x2.splat(scale);
  let left = count;
  for (; left >= 4; left -= 4) {
    const low = f64x2.mul(f64x2.mul(factor, v128.load(word)), v128.load(states));
    const high = f64x2.mul(f64x2.mul(factor, v128.load(word, 16)), v128.load(states, 16));
    addTo(wordSums, low);
    addTo(wordSums + 16, high);
    addTo(stateSums, low);
    addTo(stateSums + 16, high);
    word += 32;
    states += 32;
    wordSums += 32;
    stateSums += 32;
  }
  for (; left > 0; left--) {
    const share = scale * load<f64>(word) * load<f64>(states);
    store<f64>(wordSums, load<f64>(wordSums) + share);
    store<f64>(stateSums, load<f64>(stateSums) + share);
    word += 8;
    states += 8;
    wordSums += 8;
    stateSums += 8;
  }
}

function hasZero(norms: usize, count: i32): bool {
  for (let left = count; left > 0; left--) {
    if (load<f64>(norms) == 0) return true;
    norms += 8;
  }
  return false;
}

export function wordShares(
  wordTable: usize, stateTable: usize, stateCount: i32, offsets: usize, rowCount: i32, documents: usize, words: usize,
  counts: usize, weights: usize, norms: usize, wordSums: usize, stateSums: usize,
): void {
  const bytes = (<usize>stateCount) << 3;
  for (let row = 0; row < rowCount; row++) {
    const document = (<usize>load<i32>(documents)) * bytes;
    const length = load<i32>(offsets, 4) - load<i32>(offsets);
    const weight = load<f64>(weights);
    if (weight != 0 && !hasZero(norms, length)) {
      for (let n: usize = 0; n < <usize>length; n++) {
        const word = (<usize>load<i32>(words + (n << 2))) * bytes;
        const at = n << 3;
        const scale = (weight * load<f64>(counts + at)) / load<f64>(norms + at);
        addShares(scale, wordTable + word, stateTable + document, stateCount, wordSums + word, stateSums + document);
      }
    }
    words += (<usize>length) << 2;
    counts += (<usize>length) << 3;
    norms += (<usize>length) << 3;
    documents += 4;
    offsets += 4;
    weights += 8;
  }
}
