// A load beyond the end of a WebAssembly memory is a RuntimeError, with MPI in the process too.
import { runMpi } from '../../dist/index.js';

// (module (memory 1) (func (export "load") (param i32) (result f64) (f64.load (local.get 0))))
const bytes = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 124, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 8, 1, 4, 108, 111, 97, 100, 0,
  0, 10, 9, 1, 7, 0, 32, 0, 43, 3, 0, 11,
]);

await runMpi(async (world) => {
  const { instance } = await WebAssembly.instantiate(bytes);
  const inside = instance.exports.load(8);
  let caught = '';
  try {
    instance.exports.load(0x7ffffff0);
  } catch (error) {
    caught = `${error.name}: ${error.message}`;
  }
  world.barrier();
  console.log(JSON.stringify({ rank: world.rank, inside, caught }));
});
