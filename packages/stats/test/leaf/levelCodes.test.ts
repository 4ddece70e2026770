import { expect, it } from 'vitest';
import { encodeLevels } from '../../src/leaf/levels/levelCodes.js';
import fc from '../property.js';

/** Values that share lengths and last characters, so that the table of recent strings is contested. */
const level = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('a-same', 'b-same', 'c-same', '1', 'true', 'null'),
  fc.constantFrom(1, 0, true, null),
);

it('numbers the distinct values in order of first appearance, as a map does', () => {
  fc.assert(
    fc.property(fc.array(level, { maxLength: 60 }), (values) => {
      const levels = [...new Set(values)];
      const encoded = encodeLevels<unknown>(values, () => {});
      expect(Array.from(encoded.codes)).toEqual(values.map((value) => levels.indexOf(value)));
      expect(encoded.levels).toEqual(levels);
    }),
  );
});
