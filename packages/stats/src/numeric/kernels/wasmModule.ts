/** Starts the WebAssembly module, where the platform has it and allows it. */
import { POWERS } from './twin/powers.js';
import { WASM_BASE64 } from './wasm.generated.js';

/** The exports of assembly/index.ts: pointers and strides in bytes, counts in rows. */
export interface WasmExports {
  /** Where the table of the exponential belongs: 256 numbers. */
  POWERS: { readonly value: number };
  addBilinearLogDensity: WasmExports['bilinearLogDensity'];
  addGather: WasmExports['gather'];
  addGaussianLogDensity: WasmExports['gaussianLogDensity'];
  addLinearLogDensity: WasmExports['linearLogDensity'];
  bilinearLogDensity(x: number, y: number, count: number, a: number, b: number, c: number, out: number): void;
  diagonalGaussianLogDensity(
    block: number,
    stride: number,
    dimension: number,
    count: number,
    mu: number,
    halfPrecision: number,
    logNorm: number,
    out: number,
    add: boolean,
  ): void;
  diagonalMoments(
    block: number,
    stride: number,
    dimension: number,
    count: number,
    weights: number,
    origin: number,
    sums: number,
  ): void;
  exp(x: number, count: number, out: number): void;
  gather(table: number, codes: number, count: number, out: number): void;
  gaussianLogDensity(x: number, count: number, mu: number, halfPrecision: number, logNorm: number, out: number): void;
  gaussianVectorLogDensity(
    block: number,
    stride: number,
    dimension: number,
    count: number,
    mu: number,
    factor: number,
    logNorm: number,
    out: number,
    add: boolean,
    scratch: number,
  ): void;
  histogram(codes: number, weights: number, count: number, levelCount: number, copies: number, totals: number): void;
  hmmBackward(
    emission: number,
    stride: number,
    stateCount: number,
    offsets: number,
    sequenceCount: number,
    transition: number,
    forward: number,
    scale: number,
    weights: number,
    initialSum: number,
    transitionSum: number,
    scratch: number,
  ): void;
  hmmForward(
    emission: number,
    stride: number,
    stateCount: number,
    offsets: number,
    sequenceCount: number,
    initial: number,
    transition: number,
    forward: number,
    scale: number,
    evidence: number,
    scratch: number,
  ): void;
  largestCode(codes: number, count: number): number;
  linearLogDensity(x: number, count: number, slope: number, intercept: number, out: number): void;
  log(x: number, count: number, out: number): void;
  logEvidence(
    matrix: number,
    stride: number,
    componentCount: number,
    count: number,
    logWeights: number,
    evidence: number,
    scratch: number,
  ): void;
  moments(x: number, weights: number, count: number, origin: number, totals: number): void;
  multiply(x: number, y: number, count: number, out: number): void;
  posterior(
    matrix: number,
    stride: number,
    componentCount: number,
    count: number,
    logWeights: number,
    weights: number,
    evidence: number,
    scratch: number,
  ): void;
  scatter(
    block: number,
    stride: number,
    dimension: number,
    count: number,
    weights: number,
    origin: number,
    sums: number,
    scratch: number,
  ): void;
  posteriorTotal(
    matrix: number,
    stride: number,
    componentCount: number,
    count: number,
    logWeights: number,
    totals: number,
    scratch: number,
  ): number;
  sum(x: number, count: number): number;
  transpose(rows: number, count: number, dimension: number, columns: number, stride: number): void;
  weightedMean(x: number, weights: number, count: number, totals: number): void;
  weightedMeans(x: number, y: number, weights: number, count: number, totals: number): void;
  weightedSum(x: number, weights: number, count: number): number;
}

export interface StartedModule {
  readonly exports: WasmExports;
  readonly buffer: ArrayBuffer;
}

/** The part of the WebAssembly API that is used: the package compiles without browser or Node types. */
interface WebAssemblyApi {
  Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  compile(bytes: Uint8Array): Promise<object>;
}

/** 64 MiB, of which the system hands out only the pages that are touched. It never grows: growth detaches views. */
const PAGES = 1024;

/** Static data of the module lies below. */
export const ARENA_START = 65536;

function api(): WebAssemblyApi | undefined {
  return (globalThis as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
}

function moduleBytes(): Uint8Array {
  return Uint8Array.from(atob(WASM_BASE64), (character) => character.charCodeAt(0));
}

function instantiate({ Memory, Instance }: WebAssemblyApi, module: object): StartedModule {
  const memory = new Memory({ initial: PAGES, maximum: PAGES });
  const { exports } = new Instance(module, { env: { memory } });
  // The bytes are built from assembly/index.ts, whose exports the interface lists; a test compares the names.
  const started = { exports: exports as WasmExports, buffer: memory.buffer };
  writePowers(started);
  return started;
}

/** The bits of 2^(j/256) less j << 44: see assembly/exp.ts. Only the upper half of the bits changes. */
function writePowers({ exports, buffer }: StartedModule): void {
  const at = exports.POWERS.value;
  new Float64Array(buffer, at, POWERS.length).set(POWERS);
  const halves = new Int32Array(buffer, at, 2 * POWERS.length);
  for (let j = 0; j < POWERS.length; j++) halves[2 * j + 1]! -= j << 12;
}

/**
 * Compiles and starts the module now. Undefined where WebAssembly or its SIMD is missing, or a content security
 * policy, or a limit on memory or on synchronous compilation, forbids it: all of these throw, each its own way, and
 * all mean that the twin runs.
 */
export function startModule(): StartedModule | undefined {
  const webAssembly = api();
  if (webAssembly === undefined) return undefined;
  try {
    return instantiate(webAssembly, new webAssembly.Module(moduleBytes()));
  } catch {
    return undefined;
  }
}

/** {@link startModule} for places that forbid synchronous compilation, such as the main thread of some browsers. */
export async function startModuleLater(): Promise<StartedModule | undefined> {
  const webAssembly = api();
  if (webAssembly === undefined) return undefined;
  try {
    return instantiate(webAssembly, await webAssembly.compile(moduleBytes()));
  } catch {
    return undefined;
  }
}
