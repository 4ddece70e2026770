// A CommonJS program that starts ranks: node spawn.cjs <ranks>. Prints the sum of 10 · (rank + 1), and the number of ranks.
const { join } = require('node:path');
const { spawnRanks } = require('../../dist/index.cjs');

const module_ = join(__dirname, 'ranks', 'sum.cjs');
const ranks = Number(process.argv[2]);
Promise.all([spawnRanks(module_, { ranks, data: 10 }), spawnRanks(module_, { ranks, name: 'named' })]).then((found) =>
  console.log(JSON.stringify(found)),
);
