import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('places penguins beside penguins of their species, which neither the model nor the embedding was told', () => {
  const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const output = execFileSync('node', [program], { encoding: 'utf8' });
  const shares = [...output.matchAll(/(\d+) %/g)].map(([, share]) => Number(share));
  expect(shares).toHaveLength(2);
  expect(Math.min(...shares)).toBeGreaterThan(80);
});
