// Fits on two threads beside one, and small fits beside optimize.
// node bench/threads/run.mjs [W2 W3 … | small] [rounds=3] [iterations=20]. Needs the built packages.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { spawnRanks } from '../../packages/mpi-native/dist/index.js';
import * as stats from '../../packages/stats/dist/index.js';
import { workloads } from '../em/workloads.mjs';
import { codec, processorSeconds } from './rank.mjs';

const args = process.argv.slice(2);
const option = (name, fallback) => Number(args.find((arg) => arg.startsWith(`${name}=`))?.split('=')[1] ?? fallback);
const named = args.filter((arg) => arg in workloads);
const names = args.includes('small') ? [] : named.length > 0 ? named : ['W2', 'W3', 'W4a', 'W5'];
const rounds = option('rounds', 3);
const iterations = option('iterations', 20);
const GOAL = 1.8;
const module = new URL('./rank.mjs', import.meta.url);

const seconds = async (work) => {
  const before = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - before) / 1000 };
};
const least = (found, key) => Math.min(...found.map((entry) => entry[key]));
const ratio = (value, goal) => `${value.toFixed(2)}${value < goal ? ` (goal ${goal})` : ''}`;

console.log(
  `${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}\n\n` +
    'How many times as fast two threads are as one; least times of all rounds, which take turns. Whole: from the list of rows to\n' +
    `the model, with encoding (on one thread), the start of threads and ${iterations} iterations. Iterations: those alone. By processor: those\n` +
    'alone, from the time that the busier thread had a processor, which leaves out what other programs take. Overhead: seconds\n' +
    'that sharing columns and starting threads add to a whole fit.\n\n' +
    '| workload | encode | 1 thread | 2 threads | whole | iterations | by processor | overhead |\n|---|---|---|---|---|---|---|---|',
);
for (const name of names) {
  const workload = workloads[name];
  const data = workload.data();
  const rows = workload.rows(data);
  const estimator = workload.estimator(stats);
  const first = workload.start(stats, data);
  const start = codec.encode(first);
  const found = { alone: [], 1: [], 2: [], encode: [] };
  for (let round = 0; round < rounds; round++) {
    const fitAlone = () =>
      stats.optimize(rows, estimator, { initialModel: first, maxIterations: iterations, delta: null });
    const alone = await seconds(fitAlone);
    found.alone.push(alone);
    const encoded = await seconds(() => stats.em(estimator).encode(rows));
    found.encode.push(encoded);
    for (const ranks of [1, 2]) {
      const job = await seconds(() =>
        spawnRanks(module, { ranks, data: { name, columns: encoded.value, start, iterations } }),
      );
      if (!Buffer.from(codec.encode(alone.value.model)).equals(job.value.model))
        throw new Error(`${name}: not the same bits`);
      found[ranks].push(job.value);
      if (ranks === 2) job.value.whole = job.seconds;
    }
  }
  const [one, two] = [found[1], found[2]];
  const encode = least(found.encode, 'seconds');
  // The iterations that are not timed are left out.
  const perIteration = least(two, 'seconds') / iterations;
  const overhead = least(two, 'whole') - least(two, 'seconds') - 4 * perIteration;
  const whole = least(found.alone, 'seconds') / (encode + overhead + least(two, 'seconds'));
  console.log(
    `| ${name} | ${encode.toFixed(3)} | ${least(found.alone, 'seconds').toFixed(3)} | ${least(two, 'seconds').toFixed(3)} | ${whole.toFixed(2)} ` +
      `| ${ratio(least(one, 'seconds') / least(two, 'seconds'), GOAL)} | ${ratio(least(one, 'processor') / least(two, 'processor'), GOAL)} | ${overhead.toFixed(3)} |`,
  );
}

/** Milliseconds that this thread has had a processor. */
const processor = async (work) => {
  const before = processorSeconds();
  await work();
  return 1000 * (processorSeconds() - before);
};

console.log(
  '\nSmall fits, from rows to model, on the calling thread: milliseconds that it had a processor, least of all rounds.\n\n' +
    '| rows | optimize | spawnRanks | ratio |\n|---|---|---|---|',
);
const small = workloads.W2;
const data = small.data();
for (const rowCount of [100, 1000, 10_000]) {
  const rows = small.rows(data).slice(0, rowCount);
  const estimator = small.estimator(stats);
  const first = small.start(stats, data);
  const options = { initialModel: first, maxIterations: iterations, delta: null };
  const start = codec.encode(first);
  const spawn = () => {
    const columns = stats.em(estimator).encode(rows);
    return spawnRanks(module, { name: 'small', data: { name: 'W2', columns, start, iterations } });
  };
  const found = { optimize: [], spawn: [] };
  for (let round = 0; round < 10 * rounds; round++) {
    found.optimize.push(await processor(() => stats.optimize(rows, estimator, options)));
    found.spawn.push(await processor(spawn));
  }
  const [alone, spawned] = [Math.min(...found.optimize), Math.min(...found.spawn)];
  console.log(`| ${rowCount} | ${alone.toFixed(2)} | ${spawned.toFixed(2)} | ${(alone / spawned).toFixed(2)} |`);
}
