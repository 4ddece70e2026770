/** What keeps the kernels harmless: bounds, memory that runs out, platforms without WebAssembly, stale bytes. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { generatedFiles } from '../../../scripts/buildKernels.mjs';
import { Arena } from '../../../src/numeric/kernels/arena.js';
import { type Kernels, kernelsOfKind, RUN } from '../../../src/numeric/kernels/index.js';

const both: readonly Kernels[] = [kernelsOfKind('wasm'), kernelsOfKind('twin')];

describe('ranges outside the arrays', () => {
  const ten = new Float64Array(10);
  const codes = new Int32Array(10);
  const hundred = new Float64Array(100);
  const calls: readonly (readonly [string, (kernels: Kernels) => unknown])[] = [
    ['x too short', (kernels) => kernels.exp(ten.subarray(1), 10, hundred)],
    ['out too short', (kernels) => kernels.gaussianLogDensity(hundred, 11, 0, 1, 0, ten)],
    ['a negative count', (kernels) => kernels.sum(ten, -2)],
    ['a fractional count', (kernels) => kernels.sum(ten, 2.5)],
    ['a NaN count', (kernels) => kernels.sum(ten, NaN)],
    ['too few codes', (kernels) => kernels.gather(ten, codes, 11, hundred)],
    ['columns that overlap', (kernels) => kernels.posterior(hundred, 5, 3, 6, ten, ten)],
    ['a matrix too short', (kernels) => kernels.logEvidence(hundred, 40, 3, 30, ten, hundred)],
    ['statistics too short', (kernels) => kernels.scatter(hundred, 4, 20, hundred, ten, ten)],
    ['a column too short to stage', (kernels) => kernels.stage(ten, 5, 6)],
    ['too many vectors to stage', (kernels) => kernels.stageVectors(new Float64Array(RUN + 1), 0, RUN + 1, 1)],
  ];

  it.each(calls)('are refused: %s', (_, call) => {
    for (const kernels of both) expect(() => call(kernels)).toThrow(RangeError);
  });

  it('include codes outside the table, large counts and small', () => {
    const three = new Float64Array(3);
    for (const kernels of both) {
      for (const count of [5, 100]) {
        for (const bad of [3, -1]) {
          const some = new Int32Array(count);
          some[count - 1] = bad;
          expect(() => kernels.gather(three, some, count, hundred)).toThrow(
            `codes: entries must be in 0 … 2, found ${bad}.`,
          );
          expect(() => kernels.histogram(some, hundred, count, three)).toThrow(RangeError);
        }
      }
    }
  });

  it('do not include a table without levels when there are no codes', () => {
    const nothing = new Float64Array(0);
    for (const kernels of both) {
      kernels.gather(nothing, codes, 0, ten);
      kernels.histogram(codes, hundred, 0, nothing);
    }
    expect(Array.from(ten)).toEqual(new Array(10).fill(0));
  });

  it('include offsets that fall', () => {
    for (const kernels of both) {
      const falling = Int32Array.of(0, 5, 3);
      expect(() =>
        kernels.hmmForward(hundred, 10, 2, falling, 2, ten, ten, hundred.slice(), hundred.slice(), ten),
      ).toThrow(/offsets/);
    }
  });
});

describe('a workspace', () => {
  it('gives zeroed memory again after a release', () => {
    const kernels = kernelsOfKind('wasm');
    const first = kernels.workspace();
    const array = first.float64(5000);
    array.fill(3);
    const { byteOffset } = array;
    first.release();
    first.release();
    const second = kernels.workspace();
    const again = second.float64(5000);
    expect(again.byteOffset).toBe(byteOffset);
    expect(again.every((value) => value === 0)).toBe(true);
    second.release();
  });

  it('falls back to the JavaScript heap when the arena is full, with the same result', () => {
    const kernels = kernelsOfKind('wasm');
    const workspace = kernels.workspace();
    const large = workspace.float64(12_000_000);
    expect(large.length).toBe(12_000_000);
    large.set([0, 1]);
    kernels.exp(large, 40, large);
    expect(large[1]).toBeCloseTo(Math.E, 15);
    expect(large[2]).toBe(1);
    workspace.release();
  });
});

describe('an arena', () => {
  it('joins neighbours that are given back, in any order', () => {
    const arena = new Arena(new ArrayBuffer(4096), 0);
    const blocks = Array.from({ length: 4 }, () => arena.take(512)!);
    expect(new Set(blocks.map((block) => block.start)).size).toBe(4);
    expect(arena.take(4096 - 64)).toBeUndefined();
    for (const at of [2, 0, 3, 1]) arena.give(blocks[at]!);
    expect(arena.take(4096 - 64)).toEqual({ start: 0, size: 4096 });
  });
});

describe('staged columns', () => {
  it('hold the asked rows while other columns come and go', () => {
    for (const kernels of both) {
      const columns = Array.from({ length: 100 }, (_, c) => Float64Array.from({ length: 3000 }, (_, i) => 1e6 * c + i));
      for (const [start, count] of [
        [0, 1024],
        [1024, 1024],
        [2999, 1],
        [5, 2000],
      ] as const) {
        columns.forEach((column) => {
          const staged = kernels.stage(column, start, count);
          expect(staged.length).toBe(count);
          expect(staged[0]).toBe(column[start]);
          expect(kernels.stage(column, start, count)[count - 1]).toBe(column[start + count - 1]);
        });
      }
    }
  });

  // With 64 of them, each component of a wide model copied every column anew: 3 to 4 times slower.
  it('stay where they are while a model of hundreds of columns goes round', () => {
    for (const kernels of both) {
      const columns = Array.from({ length: 300 }, (_, c) => new Float64Array(1024).fill(c));
      const first = columns.map((column) => kernels.stage(column, 0, 1024).byteOffset);
      const second = columns.map((column) => kernels.stage(column, 0, 1024).byteOffset);
      expect(second).toEqual(first);
    }
  });

  it('give way when there are more than are remembered', () => {
    for (const kernels of both) {
      for (let c = 0; c < 2500; c++) expect(kernels.stage(new Float64Array(8).fill(c), 0, 8)[7]).toBe(c);
    }
  });
});

describe('where WebAssembly is missing or forbidden', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  async function fresh(): Promise<typeof import('../../../src/numeric/kernels/index.js')> {
    vi.resetModules();
    return import('../../../src/numeric/kernels/index.js');
  }

  it('the twin runs and nothing throws', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const { kernels, kernelsReady } = await fresh();
    expect(kernels().kind).toBe('twin');
    expect(await kernelsReady()).toBe('twin');
  });

  it('the twin runs when a security policy refuses to compile', async () => {
    const refuse = (): never => {
      throw new Error('Refused to compile or instantiate WebAssembly module');
    };
    vi.stubGlobal('WebAssembly', { Memory: Array, Module: refuse, compile: refuse });
    const { kernels, kernelsOfKind: ofKind } = await fresh();
    expect(kernels().kind).toBe('twin');
    expect(() => ofKind('wasm')).toThrow(/Use the twin/);
  });

  it('the environment variable DML_KERNELS=twin is obeyed', async () => {
    vi.stubEnv('DML_KERNELS', 'twin');
    const { kernels } = await fresh();
    expect(kernels().kind).toBe('twin');
  });

  it('little work does not start the module, much work does', async () => {
    vi.stubEnv('DML_KERNELS', '');
    const { kernels, kernelsReady } = await fresh();
    expect(kernels(100).kind).toBe('twin');
    expect(kernels(5000).kind).toBe('wasm');
    expect(kernels(100).kind).toBe('wasm');
    expect(await kernelsReady()).toBe('wasm');
  });

  it('browsers without process start the module', async () => {
    vi.stubGlobal('process', undefined);
    const { kernels } = await fresh();
    expect(kernels().kind).toBe('wasm');
  });
});

describe('the generated files', () => {
  it('are what their sources give', { timeout: 60_000 }, async () => {
    for (const [path, text] of await generatedFiles()) expect(readFileSync(path, 'utf8') === text, path).toBe(true);
  });
});
