// npm run bench: lists the benches. npm run bench -- em [arguments…] runs one, npm run bench -- all runs all.
// Build first: all but kernels measure dist/.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BENCHES = {
  kernels: 'numeric kernels of @dml/stats beside their twins, plain loops and C++ [W1 W2 …]',
  em: 'EM, encoding and memory through the API of @dml/stats beside C++, scikit-learn and pandas [W1 … growth]',
  bayes: 'variational iterations beside plain EM, and a Dirichlet-process mixture beside scikit-learn',
  mpi: 'messages of @dml/mpi-native beside C and mpi4py',
  serialize: '@dml/serialize beside v8.serialize, cbor-x, msgpackr, cborg and JSON',
  threads: 'fits on two threads beside one, and small fits beside optimize [W2 …]',
  intervals:
    'how often the intervals of standardErrors hold the truth [data sets] [bootstrap | jackknife] [replicates]',
  'mpi-estimation': 'parallel efficiency and communication of distributed fits',
};

const folder = dirname(fileURLToPath(import.meta.url));
const programOf = (name) => join(folder, name, 'run.mjs');
const present = Object.keys(BENCHES).filter((name) => existsSync(programOf(name)));
const [wanted, ...args] = process.argv.slice(2);

if (wanted === undefined) {
  for (const name of present) console.log(`npm run bench -- ${name.padEnd(15)} ${BENCHES[name]}`);
} else if (wanted !== 'all' && !present.includes(wanted)) {
  console.error(`no bench "${wanted}". There are: ${present.join(', ')}, all.`);
  process.exitCode = 2;
} else {
  for (const name of wanted === 'all' ? present : [wanted]) {
    console.log(`# ${name}: ${BENCHES[name]}`);
    const { status } = spawnSync(process.execPath, [programOf(name), ...args], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
