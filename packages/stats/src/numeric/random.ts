/**
 * Seeded randomness. Everything random in the package comes from `seedrandom`, so equal seeds give equal results on every
 * machine and engine.
 */
import alea from 'seedrandom/lib/alea.js';
import { checkCount } from '../checks/parameters.js';
import type { Draws, Random, Sampler, Seed, StartMethod } from '../contract.js';
import { ParameterError } from '../errors.js';

/** @throws {ParameterError} unless `seed` is a finite number or a string */
export function checkSeed(owner: string, seed: unknown): void {
  if (typeof seed === 'string' || Number.isFinite(seed)) return;
  throw new ParameterError(owner, 'seed', 'a finite number or a string', seed);
}

/** Every seed passes here. */
function textOf(seed: Seed): string {
  checkSeed('random draws', seed);
  return String(seed);
}

/**
 * An independent generator of uniform numbers in [0, 1) for a seed.
 * @throws {ParameterError} unless `seed` is a finite number or a string
 */
export function random(seed: Seed): Random {
  return alea(textOf(seed));
}

/** The seed of a child: children of one seed draw independent streams. @throws {ParameterError} as {@link random} */
export function childSeed(seed: Seed, name: string | number): Seed {
  return `${textOf(seed)}/${name}`;
}

/** A sampler that calls `draw` for each row. */
export function samplerOf<T>(draw: () => T): Sampler<T> {
  function sample(): T;
  function sample(count: number): T[];
  function sample(count?: number): T | T[] {
    if (count === undefined) return draw();
    checkCount('sample', 'count', count);
    if (count >= 2 ** 32) throw new ParameterError('sample', 'count', 'at most 4294967295, as a list can hold', count);
    return Array.from({ length: count }, draw);
  }
  return { sample };
}

/** The draws of `draw`, each moved to the nearest number in [least, most]: variates may underflow, overflow or round. */
export function drawsWithin(least: number, most: number, draw: () => number): () => number {
  return () => Math.min(Math.max(draw(), least), most);
}

/**
 * One index in 0 … K-1 with probability proportional to `weights`. The last index of positive weight takes what rounding
 * leaves over.
 */
export function drawIndex(rng: Random, weights: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k]!;
  let rest = rng() * total;
  let last = 0;
  for (let k = 0; k < weights.length; k++) {
    const w = weights[k]!;
    if (w <= 0) continue;
    last = k;
    rest -= w;
    if (rest < 0) return k;
  }
  return last;
}

/** Draws for a start, keyed by (seed, node, row). @throws {ParameterError} as {@link random} */
export function drawsOf(seed: Seed, method: StartMethod, smoothsTables = false): Draws {
  textOf(seed);
  return {
    method,
    smoothsTables,
    row: (row) => random(`${seed}#${row}`),
    child: (name) => drawsOf(childSeed(seed, name), method, smoothsTables),
    component: (name) => drawsOf(childSeed(seed, name), method, true),
  };
}

/** A 32-bit number for a seed, from which {@link rowHash} draws one number per row. */
export function seedNumber(seed: Seed): number {
  return Math.floor(random(childSeed(seed, 'rows'))() * 2 ** 32) >>> 0;
}

/**
 * A uniform 32-bit number for (seed number, row), without any state: any rank finds the same number for the same row.
 * @see Appleby, MurmurHash3 (2011), finalizer `fmix32`
 */
export function rowHash(seedNumber: number, row: number): number {
  const high = Math.floor(row / 2 ** 32);
  let h = (seedNumber ^ (row >>> 0) ^ Math.imul(high, 0x9e3779b1)) >>> 0;
  for (let round = 0; round < 2; round++) {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}
