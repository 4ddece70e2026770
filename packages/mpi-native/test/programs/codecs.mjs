// A codec of the program's own. argv: `equal` on all ranks, or `different` on the last.
import { getWorld, runMpi } from '../../dist/index.js';

let calls = 0;
const json = (id) => ({
  id,
  encode(value) {
    calls++;
    return new TextEncoder().encode(JSON.stringify(value));
  },
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
});

const isLast = Number(process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK) === 1;
const id = process.argv[2] === 'different' && isLast ? 'json/2' : 'json/1';
await runMpi(
  (world) => {
    const gathered = world.allgatherObject({ rank: world.rank, lost: Number.NaN });
    let refused = '';
    try {
      getWorld({ codec: json('json/3') });
    } catch (error) {
      refused = error.code;
    }
    console.log(JSON.stringify({ rank: world.rank, gathered, calls, refused }));
  },
  { codec: json(id) },
);
