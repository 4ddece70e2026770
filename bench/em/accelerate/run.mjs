// node bench/em/accelerate/run.mjs [names…]: passes over the rows and seconds from one start to one end, of plain EM, of the default
// (accelerated), of SQUAREM in R, and of scikit-learn or a straightforward Baum-Welch in numpy, where these are installed. The end is
// 1e-6 nats per row below the highest of our two. Seeds: DML_BENCH_SEEDS, default 0,1,2. Results on one machine: RESULTS.md beside.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initialize, optimize } from '@dml/stats';
import { SINGLE_THREAD } from '../../participant.mjs';
import { problems } from './problems.mjs';

const here = (name) => join(dirname(fileURLToPath(import.meta.url)), name);
const seeds = (process.env.DML_BENCH_SEEDS ?? '0,1,2').split(',').map(Number);
const only = process.argv.slice(2);
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const MOST = 5000;

/** A fit with the seconds after each iterate; of short fits those of the fastest of several. The start is not in them. */
function fit({ rows, estimator }, initialModel, acceleration) {
  let fastest;
  for (let round = 0; round < 5 && !(fastest?.after.at(-1) > 0.2); round++) {
    const after = [];
    const began = performance.now();
    const options = { initialModel, acceleration, maxIterations: MOST };
    const onIterate = () => after.push((performance.now() - began) / 1000);
    const result = optimize(rows, estimator, { ...options, onIterate });
    if (!(after.at(-1) >= fastest?.after.at(-1))) fastest = { ...result, after };
  }
  return fastest;
}

/** Passes and seconds until an accepted model has reached the target: the start's pass is the first. */
function arrival({ path, after }, target) {
  const at = path.findIndex(({ isRejected, logLikelihood }) => !isRejected && logLikelihood >= target);
  return at < 0 ? [null, null] : [at + 1, after[at]];
}

/** What a program in another language needs: the rows as a matrix, and the start as shares of components, or as parameters. */
function writeProblem(folder, { rows, numbers, family }, model) {
  const matrix = rows.map(numbers);
  writeFileSync(join(folder, 'rows'), Float64Array.from(matrix.flat()));
  if (family === 'hmm') {
    const { w, transitions, emissions } = model;
    const states = emissions.map((_, k) => transitions.map((row) => row[k])); // column by column
    const start = [w, states, emissions.map(({ mu }) => mu), emissions.map(({ sigma2 }) => sigma2)].flat(2);
    writeFileSync(join(folder, 'start'), Float64Array.from(start));
    return [rows.length, matrix[0].length, emissions.length];
  }
  const componentCount = model.components.length;
  const shares = new Float64Array(rows.length * componentCount);
  model.seqPosterior(model.encoder().encode(rows), 0, rows.length, shares);
  writeFileSync(join(folder, 'start'), shares);
  return [rows.length, matrix[0].length, componentCount];
}

/** `[passes, seconds, end]` of another program; undefined where it is missing or cannot fit the model. */
function askPeer(command, args) {
  const { status, stdout } = spawnSync(command, args.map(String), {
    encoding: 'utf8',
    env: { ...process.env, ...SINGLE_THREAD },
    timeout: 120_000,
  });
  return status === 0 ? JSON.parse(stdout.trim().split('\n').at(-1)) : undefined;
}

function askPeers(folder, problem, shape, target) {
  const { family } = problem;
  if (family === undefined) return {};
  const args = [folder, family, ...shape, target];
  const hasPeer = family === 'full' || family === 'hmm' || /^g( g)*$/.test(family);
  return {
    'R squarem': askPeer('Rscript', [here('squarem.R'), ...args]),
    [family === 'hmm' ? 'numpy' : 'sklearn']: hasPeer ? askPeer(PYTHON, [here('peers.py'), ...args]) : undefined,
  };
}

const shown = (passes, seconds) =>
  `${String(passes ?? '-').padStart(5)} ${seconds === null ? '     -' : `${seconds.toFixed(3)}s`.padStart(8)}`;

console.log(
  'problem        seed    plain: passes, time   auto: passes, time  ratio  of time  rejected  end, per row   others',
);
const folder = mkdtempSync(join(tmpdir(), 'dml-accelerate-'));
const ratios = {};
try {
  for (const [name, problem] of Object.entries(problems)) {
    if (only.length > 0 && !only.includes(name)) continue;
    fit(problem, initialize(problem.rows, problem.estimator, { seed: 'warm up' }), 'auto');
    for (const seed of seeds) {
      const start = initialize(problem.rows, problem.estimator, { seed });
      const plain = fit(problem, start, 'none');
      const auto = fit(problem, start, 'auto');
      const gain = (auto.logLikelihood - plain.logLikelihood) / problem.rows.length;
      const target = Math.max(plain.logLikelihood, auto.logLikelihood) - 1e-6 * problem.rows.length;
      const [plainPasses, plainSeconds] = arrival(plain, target);
      const [passes, seconds] = arrival(auto, target);
      const shape = problem.family === undefined ? [] : writeProblem(folder, problem, start);
      const others = Object.entries(askPeers(folder, problem, shape, target)).flatMap(([who, answer]) => {
        if (answer === undefined) return [];
        const [itsPasses, itsSeconds, end] = answer;
        const below =
          itsPasses === null ? ` (ends ${((target - end) / problem.rows.length).toExponential(1)} below)` : '';
        return [`${who} ${shown(itsPasses, itsSeconds).trim()}${below}`];
      });
      ratios[name] ??= [0, 0];
      ratios[name][0] += plain.iterations;
      ratios[name][1] += auto.iterations;
      const ratio = passes === null || plainPasses === null ? '-' : (plainPasses / passes).toFixed(1);
      const ofTime = passes === null || plainPasses === null ? '-' : (plainSeconds / seconds).toFixed(1);
      console.log(
        name.padEnd(14),
        String(seed).padStart(4),
        `      ${shown(plainPasses, plainSeconds)}`,
        `     ${shown(passes, seconds)}`,
        ratio.padStart(6),
        ofTime.padStart(8),
        String(auto.path.filter(({ isRejected }) => isRejected).length).padStart(9),
        gain.toExponential(1).padStart(13),
        `  ${others.join('; ')}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log('\nPasses to the default tolerance, over all seeds: plain, auto, ratio');
for (const [name, [plain, auto]] of Object.entries(ratios)) {
  console.log(
    name.padEnd(14),
    String(plain).padStart(7),
    String(auto).padStart(7),
    (plain / auto).toFixed(1).padStart(6),
  );
}
