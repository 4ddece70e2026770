// What the array arguments of each kernel hold. Argument lists, types and meaning stand at the functions of
// src/numeric/kernels/twin/; from both, kernelCalls.mjs writes the checks and the calls into WebAssembly.
//
//   reads, writes, updates   argument: how many entries, as an expression in the other arguments
//   block                    argument: how many columns, at distance `stride` if the kernel has one. Used in place
//   inside                   argument: how many entries; as reads, writes or updates, but used in place
//   codes                    argument: whose entries the codes count
//   adds                     there is an `add…` that adds to what this one writes
//   limit                    when the module's own scratch is large enough
//   lengths                  arrays whose length the module needs, after the arguments
//   positions                in the place of `count`: how many positions the kernel works on, all at once, and their check

const elementwise = { reads: { x: 'count' }, writes: { out: 'count' } };
const score = { ...elementwise, adds: true };
const ofTwoColumns = { x: 'count', y: 'count' };
const hmm = {
  positions: { count: 'offsets[sequenceCount]! - offsets[0]!', check: 'checkOffsets(offsets, sequenceCount)' },
  block: { emission: 'stateCount', forward: 'stateCount', scale: '2' },
  limit: 'stateCount <= 128',
};
const itemsOfRows = 'offsets[rowCount]! - offsets[0]!';
const wordsOfDocuments = {
  positions: { count: itemsOfRows, check: 'checkOffsets(offsets, rowCount)' },
  reads: { offsets: 'rowCount + 1', documents: 'rowCount', words: itemsOfRows },
};
const tablesOfWords = { wordTable: 'wordTable.length', stateTable: 'stateTable.length' };
// Lists are short, and their check takes a tenth of the time: the encoder has made the offsets.
const listsOfItems = { positions: { count: itemsOfRows, check: 'checkListCount(offsets, rowCount)' } };
const readsOfLists = { offsets: 'rowCount + 1', items: itemsOfRows };
const widthOfNodes = '(stateCount + (stateCount & 1))';
const trees = {
  positions: { count: 'offsets[treeCount]! - offsets[0]!', check: 'checkOffsets(offsets, treeCount)' },
  block: { emission: 'stateCount' },
  inside: { nodes: `positions * (3 * ${widthOfNodes} + 2)` },
};
const readsOfTrees = {
  toParent: 'offsets[treeCount]! - offsets[0]!',
  offsets: 'treeCount + 1',
  tables: `(3 * stateCount + 2) * ${widthOfNodes}`,
};
const softmax = {
  block: { logDensity: 'componentCount' },
  reads: { logWeights: 'componentCount' },
  limit: 'componentCount <= 4000',
};

export const KERNEL_SETS = {
  columns: {
    exp: elementwise,
    log: elementwise,
    multiply: { reads: ofTwoColumns, writes: { out: 'count' } },

    gaussianLogDensity: score,
    linearLogDensity: score,
    bilinearLogDensity: { ...score, reads: ofTwoColumns },
    gather: { ...score, reads: { table: 'table.length' }, codes: { codes: 'table' } },

    posterior: { ...softmax, writes: { evidence: 'count' } },
    posteriorTotal: { ...softmax, updates: { totals: 'componentCount' } },
    logEvidence: { ...softmax, writes: { evidence: 'count' } },

    sum: { reads: { x: 'count' } },
    weightedSum: { reads: { x: 'count', weights: 'count' } },
    weightedMean: { reads: { x: 'count', weights: 'count' }, updates: { out: '2' } },
    weightedMeans: { reads: { ...ofTwoColumns, weights: 'count' }, updates: { out: '3' } },
    moments: { reads: { x: 'count', weights: 'count' }, updates: { out: '3' } },
    histogram: {
      codes: { codes: 'out' },
      reads: { weights: 'count' },
      updates: { out: 'out.length' },
      limit: 'out.length <= 64',
      lengths: ['out'],
    },
  },

  vectors: {
    diagonalGaussianLogDensity: {
      ...score,
      block: { block: 'dimension' },
      reads: { mu: 'dimension', halfPrecision: 'dimension' },
    },
    gaussianVectorLogDensity: {
      ...score,
      block: { block: 'dimension' },
      reads: { mu: 'dimension', inverseFactor: 'dimension * dimension' },
      limit: 'dimension <= 128',
    },
    isotropicLogDensity: { ...score, inside: { rows: 'count * dimension' }, reads: { mu: 'dimension' } },
    projectionLogDensity: { ...score, inside: { rows: 'count * dimension' }, reads: { mu: 'dimension' } },
    diagonalMoments: {
      block: { block: 'dimension' },
      reads: { weights: 'count', origin: 'dimension' },
      updates: { out: '1 + 2 * dimension' },
    },
    rowMoments: {
      inside: { rows: 'count * dimension' },
      reads: { weights: 'count', origin: 'dimension' },
      updates: { out: '2 + dimension' },
      limit: 'dimension <= 4000',
    },
    rowSums: {
      inside: { rows: 'count * dimension' },
      reads: { weights: 'count' },
      updates: { out: '1 + dimension' },
      limit: 'dimension <= 4000',
    },
    scatter: {
      block: { block: 'dimension' },
      reads: { weights: 'count', origin: 'dimension' },
      updates: { out: '1 + dimension + (dimension * (dimension + 1)) / 2' },
      limit: 'dimension <= 128',
    },
  },

  latent: {
    hmmForward: {
      ...hmm,
      reads: { offsets: 'sequenceCount + 1', initial: 'stateCount', transition: 'stateCount * stateCount' },
      writes: { evidence: 'sequenceCount' },
    },
    hmmBackward: {
      ...hmm,
      reads: { offsets: 'sequenceCount + 1', transition: 'stateCount * stateCount', sequenceWeights: 'sequenceCount' },
      updates: { initialSum: 'stateCount', transitionSum: 'stateCount * stateCount' },
    },

    topicProportions: {
      positions: { count: 'offsets[documentCount]! - offsets[0]!', check: 'checkOffsets(offsets, documentCount)' },
      inside: {
        density: 'positions * width',
        counts: 'positions',
        gamma: 'documentCount * width',
        shares: 'documentCount * width',
        norms: 'positions',
      },
      reads: { offsets: 'documentCount + 1', alpha: 'width' },
      limit: 'width <= 4000',
    },

    wordNorms: { ...wordsOfDocuments, inside: { ...tablesOfWords, norms: 'positions' } },
    wordShares: {
      ...wordsOfDocuments,
      reads: { ...wordsOfDocuments.reads, counts: itemsOfRows, weights: 'rowCount' },
      inside: { ...tablesOfWords, norms: 'positions', wordSums: 'wordTable.length', stateSums: 'stateTable.length' },
    },

    treeUpward: { ...trees, reads: readsOfTrees, writes: { evidence: 'treeCount' } },
    treeDownward: {
      ...trees,
      inside: { ...trees.inside, sums: `(1 + 2 * stateCount) * ${widthOfNodes}` },
      reads: { ...readsOfTrees, treeWeights: 'treeCount' },
    },
  },

  items: {
    itemScores: { ...listsOfItems, reads: { ...readsOfLists, table: 'table.length' }, writes: { out: 'rowCount' } },
    itemCounts: {
      ...listsOfItems,
      reads: { ...readsOfLists, weights: 'rowCount' },
      updates: { counts: 'counts.length' },
    },
  },
};
