// Predicts many ranks: node bench/mpi-estimation/predict.mjs <file of run.mjs, into=> [launcher=openmpi]. The constants of the
// wire are fitted to messages between two ranks of this machine; those of a network are assumed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fitWire, measureAddition, predict } from './model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [file, ...args] = process.argv.slice(2);
const launcher = args.find((arg) => arg.startsWith('launcher='))?.split('=')[1] ?? 'openmpi';
const RANKS = [16, 64, 256, 1024, 4096];
const NETWORK = { latency: 2e-6, perByte: 1e-10 };

const byName = new Map();
for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
  const measured = JSON.parse(line);
  byName.set(measured.name, measured);
}
// LDA of 2000 documents, 20 topics, 10,000 words: not a family yet. 100 distinct words a document and 20 inner iterations at
// 0.84 ns, the kernel of the design note; its statistic is one number per topic and word.
byName.set('W6', { name: 'W6', serial: 2000 * 100 * 20 * 20 * 0.84e-9, mStep: 2e-4, rowCount: 2000, length: 200_000 });

const ms = (seconds) => (1000 * seconds).toPrecision(2);
const percent = (ratio) => `${(100 * ratio).toFixed(0)} %`;

function wirePoints() {
  const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
  const all = ['-n', '2', process.execPath, join(here, 'wire.mjs')];
  const { status, stdout, stderr } = spawnSync(`mpiexec.${launcher}`, all, { env, encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`wire.mjs ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const points = wirePoints();
const wire = { ...fitWire(points), perAddition: measureAddition() };
const errors = points.map(
  ([bytes, seconds]) => Math.abs(2 * (wire.latency + bytes * wire.perByte) - seconds) / seconds,
);
console.log(
  `Fitted between two ranks here: ${(1e6 * wire.latency).toFixed(2)} us a message, ${(1e-9 / wire.perByte).toFixed(2)} GB/s, ` +
    `${(1e9 * wire.perAddition).toFixed(2)} ns an addition; off by ${percent(Math.max(...errors))} at most. Network, assumed: 2 us, 10 GB/s.`,
);
for (const factor of [1, 1000]) {
  console.log(
    `\nParallel efficiency over a network, ${factor === 1 ? 'the workloads as they are' : 'a thousand times the rows'}.\n`,
  );
  console.log(`| workload | rows | numbers | ${RANKS.join(' | ')} | limit at 4096 |`);
  console.log(`|---|---|---|${RANKS.map(() => '---|').join('')}---|`);
  for (const { name, serial, mStep, rowCount, length } of byName.values()) {
    const scaled = { rowCount: rowCount * factor, serial: (serial - mStep) * factor, mStep, length };
    const constants = { ...wire, ...NETWORK };
    const cells = RANKS.map((ranks) =>
      percent((scaled.serial + mStep) / (ranks * predict(scaled, ranks, constants).total)),
    );
    console.log(
      `| ${name} | ${scaled.rowCount.toExponential(0)} | ${length} | ${cells.join(' | ')} | ${limitOf(scaled, constants)} |`,
    );
  }
}

/** What an iteration on 4096 ranks consists of. */
function limitOf(scaled, constants) {
  const { segments, expectation, root, pairs, isPaired } = predict(scaled, 4096, constants);
  const fewSegments = segments < 4096 ? `${segments} segments: ` : '';
  return (
    `${fewSegments}E ${ms(expectation)} ms, M ${ms(scaled.mStep)}, ` +
    `messages ${ms(isPaired ? pairs : root)} in ${isPaired ? 'pairs' : 'one gather'} (${isPaired ? `root alone ${ms(root)}` : `pairs ${ms(pairs)}`})`
  );
}
