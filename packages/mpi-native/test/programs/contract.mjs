// Runs every case of the contract on every rank. A failing case ends the job with its name.
import { runMpi } from '../../dist/index.js';
import { blocks } from './contract/blocks.mjs';
import { buffers } from './contract/buffers.mjs';
import { groups } from './contract/groups.mjs';
import { memory } from './contract/memory.mjs';
import { objects } from './contract/objects.mjs';
import { pointToPoint } from './contract/pointToPoint.mjs';
import { reductions } from './contract/reductions.mjs';
import { requests } from './contract/requests.mjs';

await runMpi(async (world) => {
  const cases = Object.entries({
    ...buffers,
    ...reductions,
    ...blocks,
    ...pointToPoint,
    ...requests,
    ...memory,
    ...objects,
    ...groups,
  });
  for (const [name, run] of cases) {
    try {
      await run(world);
    } catch (error) {
      throw new Error(`case "${name}"`, { cause: error });
    }
  }
  console.log(JSON.stringify({ rank: world.rank, size: world.size, kind: world.kind, passed: cases.length }));
});
