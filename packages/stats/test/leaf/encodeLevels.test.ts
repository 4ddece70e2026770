import { expect, it } from 'vitest';
import { encodeLevels } from '../../src/leaf/levels/encodeLevels.js';
import fc from '../property.js';

/** Values that share lengths and last characters, so that the table of recent strings is contested. */
const level = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('a-same', 'b-same', 'c-same', '1', 'true', 'null'),
  fc.constantFrom(1, 0, true, null),
);

/** The codes that a map gives. */
function expectCodesOfMap(values: readonly unknown[]): void {
  const codeOf = new Map<unknown, number>();
  const codes = values.map((value) => {
    if (!codeOf.has(value)) codeOf.set(value, codeOf.size);
    return codeOf.get(value)!;
  });
  const encoded = encodeLevels(values, () => {});
  expect(Array.from(encoded.codes)).toEqual(codes);
  expect(encoded.levels).toEqual([...codeOf.keys()]);
}

/** Each twice, the second time as new objects and in another order. */
const twice = (values: readonly string[]) => [
  ...values,
  ...[...values].reverse().map((text) => `${text} `.slice(0, -1)),
];

const counted = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i));

it('numbers the distinct values in order of first appearance, as a map does', () => {
  fc.assert(fc.property(fc.array(level, { maxLength: 60 }), expectCodesOfMap));
});

it('tells strings apart whatever characters they share', () => {
  for (const count of [15, 17, 40, 5000]) {
    const end = counted(count, (i) => `${i}@mail.example`);
    const middle = counted(count, (i) => `${'x'.repeat(40)}${i}${'y'.repeat(40)}`);
    // None of the characters that are hashed in a string of 156: each fifth one.
    const hidden = counted(
      count,
      (i) => Array.from(String(i).padStart(31, '0'), (digit) => `a${digit}bcd`).join('') + 'a',
    );
    for (const texts of [end, middle, hidden]) expectCodesOfMap(twice(texts));
    expectCodesOfMap(twice([...hidden, ...middle, ...end]));
  }
});

it('holds more strings than its first table', () => {
  expectCodesOfMap(twice(counted(20_000, (i) => `id-${i}`)));
});

it('takes half characters, the empty string, strings of wide characters and parts of a string', () => {
  const long = counted(40, (i) => `επίπεδο ${i}`).join('|');
  expectCodesOfMap([
    ...twice(['', '\ud800', '\udc00', '\ud800\udc00', '\u0000', 'é', 'e\u0301', ...long.split('|')]),
    '',
  ]);
});

it('tells a string from a value that is written like it, and takes -0 for 0', () => {
  const many = twice(counted(100, (i) => `${i}-same`));
  expectCodesOfMap([1, '1', true, 'true', null, 'null', ...many, 1, '1', true, 'true', null, 'null']);
  expect(Object.is(encodeLevels([-0, 0], () => {}).levels[0], 0)).toBe(true);
});

it('checks the first row of each level only', () => {
  const rows: number[] = [];
  encodeLevels(['a', 'b', 'a', 1, 'b', 1], (_, row) => rows.push(row));
  expect(rows).toEqual([0, 1, 3]);
});
