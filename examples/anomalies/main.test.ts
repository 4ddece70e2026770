import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('says why a car is unlike others', () => {
  const output = execFileSync('node', [fileURLToPath(new URL('dist/main.js', import.meta.url))], { encoding: 'utf8' });
  // What the names tell, and the model was not told: a diesel runs far on a gallon, a turbo has much power for its size.
  expect(output).toMatch(/\(diesel\) \(1982\).*\n.*\n {2}Miles_per_Gallon 38: only/);
  expect(output).toMatch(/\(turbo\) \(1978\).*\n.*\n {2}Horsepower 165: only/);
}, 120_000);
