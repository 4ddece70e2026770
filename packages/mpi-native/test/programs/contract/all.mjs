// Every case of the contract, on every rank. A failing case ends the job with its name.
import { blocks } from './blocks.mjs';
import { buffers } from './buffers.mjs';
import { groups } from './groups.mjs';
import { memory } from './memory.mjs';
import { objects } from './objects.mjs';
import { pointToPoint } from './pointToPoint.mjs';
import { reductions } from './reductions.mjs';
import { requests } from './requests.mjs';

/** Runs all cases, and prints how many there are. */
export async function runContract(world) {
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
}
