// Prints how this process was connected. argv: options of getWorld as JSON.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { getWorld, isFinalized, isInitialized } from '../../dist/index.js';

const [options = '{}', mode = ''] = process.argv.slice(2);
const before = isInitialized();
const world = getWorld(JSON.parse(options));
const report = { rank: world.rank, size: world.size, kind: world.kind, before, after: isInitialized() };
report.finalized = isFinalized();
report.mapped = /libmpi(ch)?\.so/.test(readFileSync('/proc/self/maps', 'utf8'));
report.again = getWorld() === world;
// The CommonJS build may be loaded beside the ES module: both must speak of the same job.
report.commonJs = createRequire(import.meta.url)('../../dist/index.cjs').getWorld() === world;

if (mode === 'child' && world.rank === 0) {
  const child = spawnSync(process.execPath, [import.meta.filename ?? process.argv[1]], { encoding: 'utf8' });
  report.child = JSON.parse(child.stdout);
}
if (mode === 'worker') {
  const code = `import { parentPort } from 'node:worker_threads';
    import { getWorld } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    const { kind, size } = getWorld();
    parentPort.postMessage({ kind, size });`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  report.worker = await new Promise((done, reject) => worker.once('message', done).once('error', reject));
}
world.barrier();
console.log(JSON.stringify(report));
