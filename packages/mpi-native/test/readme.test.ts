import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { describeLauncher } from './jobs.js';
import { launch } from './launch.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```js\n(.*?)```/gs)].map(
  (match) => match[1] as string,
);
// Inside the package, so that the examples can import it by its name.
const folder = mkdtempSync(join(root, 'test', 'readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the examples print, in README order. Lines of different ranks may come in any order. */
const OUTPUT: readonly (readonly (string | RegExp)[])[] = [
  ['ranks: 4, sum of rank numbers: 6'],
  [/^total \d+\.\d{6}$/m],
  ['100000 numbers from rank 3, sum 6'],
  ['3 from rank 3', '1 from rank 1', '4 ranks here, rows from 303, worst on rank 3'],
  ['team of 2: 0,2', 'team of 2: 1,3'],
  ['rank 3 says { hello: 3 }', "{ seed: 7, levels: Set(2) { 'a', 'b' } } Map(2) { 'even' => 2, 'odd' => 2 }"],
  ['ERR_ROOT rank 0 of 4: bcast: root must be an integer in 0 … 3, found 99.'],
  ['continuing without: bad input on rank 1; bad input on rank 3'],
];

it('has an expected output for each example of the README', () => {
  expect(OUTPUT).toHaveLength(examples.length);
});

for (const launcher of ['workers', 'openmpi'] as const) {
  describeLauncher(launcher, () => {
    it.each(examples.map((text, index) => [index + 1, text] as const))(
      'runs README example %i',
      async (number, text) => {
        const script = join(folder, `example${number}.mjs`);
        writeFileSync(script, text);
        const outcome = await launch({ launcher, ranks: 4, script });
        expect(outcome, outcome.stderr).toMatchObject({ code: 0, survivors: [] });
        const expected = OUTPUT[number - 1] as readonly (string | RegExp)[];
        for (const part of expected) {
          if (typeof part === 'string') expect(outcome.stdout).toContain(part);
          else expect(outcome.stdout).toMatch(part);
        }
      },
    );
  });
}
