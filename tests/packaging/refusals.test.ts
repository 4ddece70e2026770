/** Whatever a program in JavaScript hands to what the packages publish, an error of theirs says what is wrong with it. */
import * as estimation from '@dml/mpi-estimation';
import * as native from '@dml/mpi-native';
import * as inPage from '@dml/mpi-native/browser';
import * as serialize from '@dml/serialize';
import * as stats from '@dml/stats';
import * as families from '@dml/stats/families';
import { describe, expect, it } from 'vitest';

type Published = (new (...given: unknown[]) => unknown) & ((...given: unknown[]) => unknown);

const HOSTILE: readonly (readonly [name: string, value: unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['5', 5],
  ['"x"', 'x'],
  ['{}', {}],
  ['[]', []],
  ['a class', class Some {}],
];

/** With up to three arguments. */
const CALLS = [
  [],
  ...HOSTILE.flatMap((a) => [[a], ...HOSTILE.flatMap((b) => [[a, b], ...HOSTILE.map((c) => [a, b, c])])]),
];

const isClass = (value: Published): boolean => Function.prototype.toString.call(value).startsWith('class');

/** What was thrown, unless it is an error of the packages: these have a code. */
async function strangeErrorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof Error && typeof (error as { code?: unknown }).code === 'string')) return error;
  }
  return undefined;
}

describe.each([
  ['@dml/stats', stats, []],
  ['@dml/stats/families', families, []],
  ['@dml/serialize', serialize, []],
  ['@dml/mpi-estimation', estimation, []],
  // A class is a function, so that `runMpi` runs it, and ends the process as for any program that throws.
  ['@dml/mpi-native', native, ['finalize', 'runMpi']],
  ['@dml/mpi-native/browser', inPage, []],
] as const)('%s', (_, published, trusting: readonly string[]) => {
  const names = Object.keys(published).filter(
    (name) => typeof published[name as keyof typeof published] === 'function' && !trusting.includes(name),
  );

  it.each(names)('%s names what is wrong with its arguments', async (name) => {
    const part = published[name as keyof typeof published] as Published;
    for (const given of CALLS) {
      const values = given.map(([, value]) => value);
      const error = await strangeErrorOf(() => (isClass(part) ? new part(...values) : part(...values)));
      if (error !== undefined) expect.fail(`${name}(${given.map(([what]) => what).join(', ')}) threw ${error}`);
    }
  });
});

describe('@dml/mpi-native', () => {
  it.each(HOSTILE.slice(0, -1))('refuses to run %s on each rank', async (_, main) => {
    await expect(native.runMpi(main as never)).rejects.toMatchObject({ code: 'ERR_ARG', call: 'runMpi' });
  });
});

describe('@dml/stats', () => {
  it('publishes the accumulators and encoders of its models as types: models and estimators make them', () => {
    expect(Object.keys(stats).filter((name) => /(Accumulator|Encoder)$/.test(name))).toEqual(['NumberEncoder']);
  });
});
