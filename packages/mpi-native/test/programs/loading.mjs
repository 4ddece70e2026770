// Prints how this process was connected. argv: options of getWorld as JSON.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { getWorld, isFinalized, isInitialized, MpiError } from '../../dist/index.js';

const [options = '{}', mode = ''] = process.argv.slice(2);
const before = isInitialized();
const world = getWorld(JSON.parse(options));
const report = { rank: world.rank, size: world.size, kind: world.kind, before, after: isInitialized() };
report.finalized = isFinalized();
report.mapped = /libmpi(ch)?\.so/.test(readFileSync('/proc/self/maps', 'utf8'));
report.again = getWorld() === world;
// The CommonJS build may be loaded beside the ES module: both must give the same job.
const commonJs = createRequire(import.meta.url)('../../dist/index.cjs');
report.commonJs = commonJs.getWorld() === world;
report.sameErrors = [
  () => world.bcast(null), // of whichever build opened the world
  () => {
    throw new commonJs.MpiError('of the other build', { code: 'ERR_OTHER', call: 'test' });
  },
].every((fail) => {
  try {
    return fail() === 'nothing was thrown';
  } catch (error) {
    const named = error.name === 'MpiError' && error.constructor.name === 'MpiError';
    return named && error instanceof MpiError && error instanceof commonJs.MpiError;
  }
});
class OwnError extends MpiError {}
report.sameErrors &&= !(new MpiError('', { code: '', call: '' }) instanceof OwnError) && !({} instanceof MpiError);
report.hasGc = typeof gc === 'function';
report.heapMegabytes = getHeapStatistics().heap_size_limit / 2 ** 20;

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
