// node bench/em/run.mjs [names…]: EM through the public API of the built @dml/stats beside its kernels alone, the C++
// yardstick, scikit-learn and pandas, in one run and on one thread each. Programs take turns; the minimum CPU time over
// the rounds counts. Results on one machine: RESULTS.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Participant } from '../participant.mjs';
import { buildYardstick } from '../yardstick/build.mjs';
import { workloads } from './workloads.mjs';

const here = (name) => join(dirname(fileURLToPath(import.meta.url)), name);
const ROUNDS = Number(process.env.DML_BENCH_ROUNDS ?? 9);
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';

/** scikit-learn's topics from the same start. */
function topicsOf({ topics, rowCount }, data, folder) {
  if (topics === undefined) return {};
  const path = join(folder, 'documents');
  const { K, valueCount, wordCount } = topics;
  writeFileSync(path, JSON.stringify({ words: [...data.words], counts: [...data.counts], start: data.wordTable }));
  const args = [here('sklearn_topics.py'), path, rowCount, wordCount, K, valueCount].map(String);
  return { sklearn: new Participant(PYTHON, args) };
}

/** Asks every participant in turn, round by round; the smallest time of each. The first round warms up. */
async function takeTurns(participants, request = '') {
  const best = {};
  const answers = {};
  for (let round = -2; round < ROUNDS; round++) {
    for (const [name, participant] of Object.entries(participants)) {
      const answer = await participant.ask(request);
      if (answer === undefined) throw new Error(`${name} ended early`);
      answers[name] = answer;
      if (round >= 0) best[name] = Math.min(best[name] ?? Infinity, answer.nanoseconds);
    }
  }
  return { best, answers };
}

/** Waits until all are ready; those that end first (a program or a library that is missing) are left out. */
async function ready(participants) {
  const said = {};
  for (const [name, participant] of Object.entries(participants)) {
    said[name] = await participant.answer();
    if (said[name] === undefined) delete participants[name];
  }
  return said;
}

function sklearnOf({ sklearn, rowCount }, data, folder) {
  if (sklearn === undefined) return {};
  const path = join(folder, 'vectors');
  writeFileSync(path, data.rows);
  for (const mu of data.mu) writeFileSync(path, mu, { flag: 'a' });
  const { K, dimension, covariance } = sklearn;
  const args = [here('sklearn_mixture.py'), path, rowCount, dimension, K, covariance].map(String);
  return { sklearn: new Participant(PYTHON, args) };
}

async function benchMixture(name, folder) {
  const workload = workloads[name];
  const yardstick = buildYardstick();
  const participants = {
    dml: new Participant(process.execPath, [here('dml.mjs'), name]),
    ...(workload.kernels === undefined
      ? {}
      : { kernels: new Participant(process.execPath, [here('dml.mjs'), name, 'kernels']) }),
    ...Object.fromEntries(
      (workload.parts ?? []).map((part) => [part, new Participant(process.execPath, [here('dml.mjs'), name, part])]),
    ),
    ...(yardstick === undefined
      ? {}
      : { 'c++': new Participant(yardstick, [name, 'serve', String(workload.rowCount)]) }),
    ...sklearnOf(workload, workload.data(), folder),
    ...topicsOf(workload, workload.data(), folder),
  };
  const { dml } = await ready(participants);
  const { best, answers } = await takeTurns(participants);
  for (const participant of Object.values(participants)) participant.end();
  if (workload.topics !== undefined && answers.sklearn !== undefined) {
    // Other models of the topics: ours must have reached a bound at least as high.
    console.log(`${name.padEnd(4)} bounds: dml ${answers.dml.logLikelihood}, sklearn ${answers.sklearn.logLikelihood}`);
  } else if (
    answers.sklearn !== undefined &&
    Math.abs(answers.sklearn.logLikelihood / answers.dml.logLikelihood - 1) > 1e-6
  ) {
    throw new Error(
      `${name}: log-likelihood ${answers.dml.logLikelihood}, scikit-learn ${answers.sklearn.logLikelihood}`,
    );
  }
  const columns = Object.entries(best).map(([who, value]) => `${who} ${(value / workload.cells).toFixed(2)}`);
  const ratio = (who) => (best[who] === undefined ? [] : [`${who}/dml ${(best[who] / best.dml).toFixed(2)}`]);
  const ratios = ['kernels', 'c++', 'sklearn'].flatMap(ratio);
  console.log(
    `${name.padEnd(4)} ${workload.what.padEnd(48)} goal ${String(workload.goal).padStart(3)}  ` +
      `${columns.join('  ')}  |  ${ratios.join('  ')}  |  encode ${dml.encode.toFixed(0)} ns/row`,
  );
}

/** W7: a column of strings into codes, with strings met before (whose hash is known) and with fresh ones. */
async function benchStrings(folder) {
  const path = join(folder, 'strings');
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  writeFileSync(path, Array.from({ length: 1_000_000 }, () => `level-${Math.floor(draw() * 1000)}`).join('\n'));
  const participants = {
    dml: new Participant(process.execPath, ['--expose-gc', here('strings.mjs'), path]),
    pandas: new Participant(PYTHON, [here('pandas_factorize.py'), path]),
  };
  await ready(participants);
  for (const request of ['again', 'fresh']) {
    const { best, answers } = await takeTurns(participants, request);
    if (answers.pandas !== undefined && answers.pandas.last !== answers.dml.last) throw new Error('W7: codes differ');
    const columns = Object.entries(best).map(([who, value]) => `${who} ${(value / 1e6).toFixed(1)}`);
    const ratio = best.pandas === undefined ? '' : `  |  pandas/dml ${(best.pandas / best.dml).toFixed(2)}`;
    const what = `1e6 strings, 1000 levels, ${request === 'fresh' ? 'new' : 'known'} string objects: encode`;
    console.log(`W7   ${what.padEnd(58)} ns/row: ${columns.join('  ')}${ratio}`);
  }
  for (const participant of Object.values(participants)) participant.end();
}

/** How time and memory grow with the rows. */
async function benchGrowth() {
  const sizes = ['1e5', '1e6', '1e7'];
  const participants = Object.fromEntries(
    sizes.map((size) => [size, new Participant(process.execPath, ['--expose-gc', here('growth.mjs'), size])]),
  );
  await ready(participants);
  const { best } = await takeTurns(participants);
  for (const size of sizes) {
    const { columns, beyond } = await participants[size].ask('memory');
    const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    console.log(
      `W1   ${size} rows: ${(best[size] / (2 * Number(size))).toFixed(2)} ns per row x component, ` +
        `columns ${megabytes(columns)}, peak beyond them ${megabytes(beyond)}`,
    );
    participants[size].end();
  }
}

const benches = {
  ...Object.fromEntries(Object.keys(workloads).map((name) => [name, (folder) => benchMixture(name, folder)])),
  W7: benchStrings,
  growth: benchGrowth,
};

console.log(
  `${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0]?.model} x ${cpus().length}`,
);
console.log(
  'ns per row x component and EM iteration (E, M, log-likelihood): minimum CPU time; ratios above 1: dml is faster',
);
const folder = mkdtempSync(join(tmpdir(), 'dml-bench-'));
try {
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches))
    await benches[name](folder);
} finally {
  rmSync(folder, { recursive: true });
}
