import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/ranks/agree.js';

class Prior {
  constructor(readonly counts: readonly number[]) {}
}

describe('the lines of a value', () => {
  it('name classes, fields and values, so that two estimators can be compared', () => {
    expect(linesOf({ prior: new Prior([1, -0]), key: 'a', map: new Map([['x', 1]]) })).toEqual([
      '.prior: Prior',
      '.prior.counts.length = 2',
      '.prior.counts[0] = 1',
      '.prior.counts[1] = -0',
      '.key = "a"',
      '.map<Map>.length = 1',
      '.map<Map>[0].length = 2',
      '.map<Map>[0][0] = "x"',
      '.map<Map>[0][1] = 1',
    ]);
  });

  it('tell apart what prints alike', () => {
    expect(linesOf(1)).not.toEqual(linesOf('1'));
    expect(linesOf(Float64Array.of(1))).not.toEqual(linesOf([1]));
    expect(linesOf(new Prior([]))).not.toEqual(linesOf({ counts: [] }));
  });

  it('tell classes apart to which a minifier gave one name', () => {
    const [one, other] = [class a {}, class a extends Prior {}];
    expect(one.name).toBe(other.name);
    expect(linesOf(new one())).toEqual(linesOf(new one()));
    expect(linesOf(new one())[0]).not.toBe(linesOf(new other([]))[0]);
  });

  it('end for a value that contains itself', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(linesOf(loop)).toEqual(['.self = the object above']);
  });
});
