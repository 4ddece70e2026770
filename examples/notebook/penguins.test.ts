import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Notebook, shownBy, withOutputs } from './execute.js';

const file = new URL('penguins.ipynb', import.meta.url);
const notebook: Notebook = JSON.parse(readFileSync(file, 'utf8'));

/** Pixels to a tenth: the last digits of a picture say nothing. */
const rounded = (value: unknown) =>
  JSON.stringify(value, null, 1).replace(/\d+\.\d+/g, (digits) => Number(digits).toFixed(1));

it('holds what its cells show when they run', () => {
  const shown = shownBy(notebook);
  const executed = withOutputs(notebook, shown);
  // After a change that is meant: STORE_OUTPUTS=1 npm test
  if (process.env.STORE_OUTPUTS === '1') writeFileSync(file, `${JSON.stringify(executed, null, 1)}\n`);
  else expect(rounded(executed)).toBe(rounded(notebook));
  const types = shown.flatMap((bundle) => Object.keys(bundle ?? {}));
  expect(types.filter((type) => type === 'image/svg+xml')).toHaveLength(2);
  expect(types.filter((type) => type === 'text/markdown')).toHaveLength(5);
});
