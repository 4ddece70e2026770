// Compiles the C++ yardstick for this processor, once per source, into the system's temporary folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(dirname(fileURLToPath(import.meta.url)), 'yardstick.cc');
const FLAGS = [
  '-std=c++17',
  '-O3',
  '-march=native',
  '-ffp-contract=fast',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-fopenmp-simd',
];

/** @returns {string | undefined} path of the program; undefined without a compiler */
export function buildYardstick() {
  const hash = createHash('sha256').update(readFileSync(source)).update(FLAGS.join(' ')).digest('hex').slice(0, 16);
  const program = join(tmpdir(), 'dml-yardstick', hash);
  if (existsSync(program)) return program;
  mkdirSync(dirname(program), { recursive: true });
  try {
    execFileSync('g++', [...FLAGS, source, '-o', program], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    return undefined;
  }
  return program;
}

/** @returns {{ value: number, nanoseconds: number }} log-likelihood, and minimum per row x component */
export function runYardstick(program, name, rounds) {
  const [value, nanoseconds] = execFileSync(program, [name, String(rounds)], { encoding: 'utf8' })
    .split(' ')
    .map(Number);
  return { value, nanoseconds };
}
