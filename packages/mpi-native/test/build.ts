/** Programs under test are real jobs that use the built package: builds what is missing or older than its source. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export default function build(): void {
  execFileSync(process.execPath, [join(root, 'native', 'build.mjs')], { stdio: 'inherit' });
  const output = join(root, 'dist', 'index.d.cts'); // written last
  const newest = Math.max(...readdirSync(join(root, 'src')).map((name) => statSync(join(root, 'src', name)).mtimeMs));
  if (existsSync(output) && statSync(output).mtimeMs > newest) return;
  execFileSync('npx', ['tsup'], { cwd: root, stdio: 'inherit' });
}
