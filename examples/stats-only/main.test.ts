import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('finds the two kinds of visit', () => {
  const output = execFileSync('node', [fileURLToPath(new URL('dist/main.js', import.meta.url))], { encoding: 'utf8' });
  expect(output).toMatch(/2 kinds of visit, of about (9|10)\.\d and (39|40)\.\d minutes/);
});
