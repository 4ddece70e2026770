// Parallel efficiency on this machine: strong (the same rows on two ranks) and weak (twice the rows on two ranks).
// node bench/mpi-estimation/run.mjs [W1 W3 …] [rounds=3] [launcher=openmpi] [into=results.jsonl]. Needs the built packages.
// `into` appends what was measured, for predict.mjs.
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { workloads } from '../em/workloads.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const option = (name, fallback) => args.find((arg) => arg.startsWith(`${name}=`))?.split('=')[1] ?? fallback;
const named = args.filter((arg) => arg in workloads);
const names = named.length > 0 ? named : ['W1', 'W2', 'W3', 'W4a', 'W4b', 'W5'];
const rounds = Number(option('rounds', '3'));
const launcher = option('launcher', 'openmpi');
const into = option('into');
const ITERATIONS = '12';
const GOAL_EFFICIENCY = 0.95;
const GOAL_MESSAGES = 0.01;

/** Runs one job; the quickest iteration of the slowest rank, and that of rank 0 by phase. */
async function job(ranks, share, name) {
  const command = `mpiexec.${launcher}`;
  // Open MPI binds the first rank of every job to the first core: two jobs at once would share it.
  const binding = launcher === 'openmpi' ? ['--bind-to', 'none'] : [];
  const all = [...binding, '-n', String(ranks), process.execPath, join(here, 'rank.mjs'), name, share, ITERATIONS];
  const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
  const { stdout } = await promisify(execFile)(command, all, { env, timeout: 600_000 });
  const { ranks: found, message, length } = JSON.parse(stdout.trim().split('\n').at(-1));
  const [root] = found;
  return {
    iteration: root.iteration,
    expectation: Math.max(...found.map(({ expectation }) => expectation)),
    processor: Math.max(...found.map(({ processor }) => processor)),
    waiting: root.waiting,
    maximization: root.maximization,
    message,
    length,
    encode: root.rest.encode,
    distribute: root.rest.distribute,
  };
}

const ms = (seconds) => (1000 * seconds).toFixed(2);
const percent = (ratio) => `${(100 * ratio).toFixed(2)} %`;

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}, ${launcher}`,
);
console.log(
  'Milliseconds of the quickest iteration of all rounds; 1 rank and 2 ranks take turns. E: the E step of the slower rank.\n' +
    'Waiting: of rank 0, messages included. By processor: strong efficiency from the processor time of E and M steps and the\n' +
    'messages, which does not count what other programs take. Strangers: the same for two programs at once that do not talk,\n' +
    'with half of the rows each: what the two cores allow. Unrelated: by the clock, an iteration of such a program alone / of the\n' +
    'slower of two at once. Against unrelated: weak efficiency / that; from 1 on, two ranks lose no more than programs that\n' +
    'have nothing to do with each other.\n',
);
console.log(
  '| workload | 1 rank | 2 ranks | E | waiting | M | strong efficiency | weak efficiency | by processor | strangers | unrelated | against unrelated | messages | encode, scatter |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|---|');
for (const name of names) {
  const found = { one: [], half: [], two: [], strangers: [], pairs: [] };
  for (let round = 0; round < rounds; round++) {
    found.one.push(await job(1, '1', name));
    found.two.push(await job(2, '1', name));
    found.half.push(await job(1, '0.5', name));
    const pair = await Promise.all([job(1, '0.5', name), job(1, '0.5', name)]);
    found.strangers.push(...pair);
    found.pairs.push(Math.max(...pair.map(({ iteration }) => iteration)));
  }
  const [one, half, two] = ['one', 'half', 'two'].map((key) =>
    found[key].reduce((best, next) => (next.iteration < best.iteration ? next : best)),
  );
  const strong = one.iteration / (2 * two.iteration);
  const weak = half.iteration / two.iteration;
  const least = (jobs) => Math.min(...jobs.map(({ processor }) => processor));
  const byProcessor = least(found.one) / (2 * (least(found.two) + two.message));
  const strangers = least(found.one) / (2 * least(found.strangers));
  const unrelated = half.iteration / Math.min(...found.pairs);
  const messages = two.message / two.iteration;
  console.log(
    `| ${name} | ${ms(one.iteration)} | ${ms(two.iteration)} | ${ms(two.expectation)} | ${ms(two.waiting)} | ${ms(two.maximization)} ` +
      `| ${strong.toFixed(3)}${strong < GOAL_EFFICIENCY ? ' (goal 0.95)' : ''} | ${weak.toFixed(3)} | ${byProcessor.toFixed(3)} | ${strangers.toFixed(3)} | ${unrelated.toFixed(3)} | ${(weak / unrelated).toFixed(3)} ` +
      `| ${percent(messages)}${messages > GOAL_MESSAGES ? ' (goal 1 %)' : ''} | ${ms(two.encode)}, ${ms(two.distribute)} |`,
  );
  if (into !== undefined) {
    const { rowCount } = workloads[name];
    appendFileSync(
      into,
      `${JSON.stringify({ name, serial: least(found.one), mStep: one.maximization, rowCount, length: one.length })}\n`,
    );
  }
}
