import { runMpi } from '../../dist/index.js';
import { runContract } from './contract/all.mjs';

await runMpi(runContract);
