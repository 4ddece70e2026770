// Parallel efficiency on this machine, and a prediction for many ranks.
// node bench/mpi-estimation/run.mjs [W1 W3 …] [rounds=3] [launcher=openmpi]. Needs the built packages.
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workloads } from '../em/workloads.mjs';
import { fitWire, measureAddition, nodeCount, predict, segmentCount } from './model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const option = (name, fallback) => args.find((arg) => arg.startsWith(`${name}=`))?.split('=')[1] ?? fallback;
const named = args.filter((arg) => arg in workloads);
const names = named.length > 0 ? named : ['W1', 'W2', 'W3', 'W4a', 'W4b', 'W5'];
const rounds = Number(option('rounds', '3'));
const launcher = option('launcher', 'openmpi');
const ITERATIONS = '8';
const GOAL_EFFICIENCY = 0.95;
const GOAL_MESSAGES = 0.01;

function job(ranks, program, ...rest) {
  const command = `mpiexec.${launcher}`;
  const all = ['-n', String(ranks), process.execPath, join(here, program), ...rest];
  const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
  const { status, stdout, stderr } = spawnSync(command, all, { env, encoding: 'utf8', timeout: 600_000 });
  if (status !== 0) throw new Error(`${command} ${all.join(' ')} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const ms = (seconds) => (1000 * seconds).toFixed(2);
const percent = (ratio) => `${(100 * ratio).toFixed(1)} %`;

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}, ${launcher}`,
);
console.log(
  'Quickest iteration of all rounds, ms; 1 rank and 2 ranks take turns. Work: processor time of an E step, all ranks.\n',
);
console.log(
  '| workload | 1 rank | half the rows, 1 rank | 2 ranks | strong efficiency | weak efficiency | work, 1 rank / 2 ranks | messages | encode, scatter |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
const measured = [];
for (const name of names) {
  const best = { one: undefined, half: undefined, two: undefined };
  const keep = (key, found) => {
    const old = best[key];
    best[key] =
      old === undefined ? found : Object.fromEntries(Object.keys(old).map((k) => [k, Math.min(old[k], found[k])]));
  };
  for (let round = 0; round < rounds; round++) {
    keep('one', job(1, 'rank.mjs', name, '1', ITERATIONS));
    keep('two', job(2, 'rank.mjs', name, '1', ITERATIONS));
    keep('half', job(1, 'rank.mjs', name, '0.5', ITERATIONS));
  }
  const { one, half, two } = best;
  const strong = one.iteration / (2 * two.iteration);
  const weak = half.iteration / two.iteration;
  const messages = two.message / two.iteration;
  console.log(
    `| ${name} | ${ms(one.iteration)} | ${ms(half.iteration)} | ${ms(two.iteration)} ` +
      `| ${strong.toFixed(2)}${strong < GOAL_EFFICIENCY ? ' (goal 0.95)' : ''} | ${weak.toFixed(2)} | ${(one.work / two.work).toFixed(2)} ` +
      `| ${percent(messages)}${messages > GOAL_MESSAGES ? ' (goal 1 %)' : ''} | ${ms(two.encode)}, ${ms(two.distribute)} |`,
  );
  measured.push({ name, serial: one.iteration, rowCount: workloads[name].rowCount, length: one.length });
}

const wire = { ...fitWire(job(2, 'wire.mjs')), perAddition: measureAddition() };
console.log(
  `\nFitted on this machine: ${(1e6 * wire.latency).toFixed(2)} us a message, ${(1e-9 / wire.perByte).toFixed(2)} GB/s, ` +
    `${(1e9 * wire.perAddition).toFixed(2)} ns an addition. A network: 2 us, 10 GB/s.`,
);
const networks = { 'this machine': wire, 'a network': { ...wire, latency: 2e-6, perByte: 1e-10 } };
for (const [place, constants] of Object.entries(networks)) {
  console.log(`\nPredicted parallel efficiency, ${place}: the workload as it is; a thousand times its rows.`);
  console.log('| workload | rows | 16 | 64 | 256 | 1024 | 4096 | limit at 4096 |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const one of measured) {
    for (const factor of [1, 1000]) {
      const scaled = { ...one, rowCount: one.rowCount * factor, serial: one.serial * factor };
      const cells = [16, 64, 256, 1024, 4096].map((ranks) => {
        return percent(scaled.serial / (ranks * predictedSeconds(scaled, ranks, constants)));
      });
      console.log(
        `| ${one.name} | ${scaled.rowCount.toExponential(0)} | ${cells.join(' | ')} | ${limitOf(scaled, constants)} |`,
      );
    }
  }
}

/** As the package does it: statistics of more than 65,536 numbers in all are added in pairs, if each rank has a segment. */
function predictedSeconds(scaled, ranks, constants) {
  const { expectation, root, pairs } = predict(scaled, ranks, constants);
  const segments = segmentCount(scaled.rowCount);
  const inPairs = nodeCount(segments, ranks) * scaled.length > 65_536 && segments >= ranks;
  return expectation + (inPairs ? pairs : root);
}

/** What costs most at 4096 ranks, and what pairs of ranks save. */
function limitOf(scaled, constants) {
  const { expectation, root, pairs } = predict(scaled, 4096, constants);
  if (segmentCount(scaled.rowCount) < 4096 && expectation > pairs) return `${segmentCount(scaled.rowCount)} segments`;
  if (pairs < 0.05 * expectation) return `none (root ${ms(root)} ms, pairs ${ms(pairs)} ms)`;
  return `messages ${ms(root)} ms at the root, ${ms(pairs)} ms in pairs`;
}
