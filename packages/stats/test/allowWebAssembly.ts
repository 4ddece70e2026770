/** All tests of the project `wasm` run on WebAssembly, also those that only score. */
import { allowWebAssembly } from '../src/numeric/kernels/webAssembly.js';

allowWebAssembly();
