import { runRank } from '../../../dist/browser.js';
import { runContract } from '../contract/all.mjs';

runRank(async ({ comm, report }) => {
  await runContract(comm);
  report({ rank: comm.rank, size: comm.size, kind: comm.kind });
  return comm.size;
});
