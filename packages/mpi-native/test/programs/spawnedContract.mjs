// Runs the contract on ranks that this program starts: node spawnedContract.mjs <ranks>.
import { spawnRanks } from '../../dist/index.js';

await spawnRanks(new URL('./ranks/contract.mjs', import.meta.url), { ranks: Number(process.argv[2]) });
