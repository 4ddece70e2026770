import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the example of the README runs as it stands', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n([^`]*?static typeName[\s\S]*?)```/.exec(readme)![1]!;
  const folder = mkdtempSync(join(tmpdir(), 'dml-readme-'));
  try {
    const entry = new URL('../dist/node.js', import.meta.url).href;
    const program = `${example.replace("'@dml/serialize'", JSON.stringify(entry))}\nconsole.log(model, codec.stringify(model));`;
    writeFileSync(join(folder, 'example.mjs'), program);
    const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(printed).toBe('Laplace { mu: 0, scale: 1 } { "type": "Laplace", "mu": 0, "scale": 1 }\n\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
