/** Starts the WebAssembly modules, where the platform has it and allows it. */
import type { KernelExports } from './columns/moduleCalls.generated.js';
import { WASM_TEXT } from './columns/wasm.generated.js';
import { POWERS } from './twin/powers.js';

/** The exports of assembly/modules/columns.ts: the kernels, and what the memory needs. */
export interface WasmExports extends KernelExports {
  /** Where the table of the exponential belongs: 256 numbers. */
  readonly POWERS: { readonly value: number };
  /** Static data and scratch of all modules lie below. */
  readonly ARENA: { readonly value: number };
  /** The largest of `count` codes, as an unsigned number in the bits of a signed one. */
  largestCode(codes: number, count: number): number;
}

export interface StartedModule {
  readonly exports: WasmExports;
  readonly buffer: ArrayBuffer;
  /** Starts another module in the same memory. @returns its exports, or undefined where that is refused */
  readonly startNext: (text: string) => unknown;
}

/** The part of the WebAssembly API that is used: the package compiles without browser or Node types. */
interface WebAssemblyApi {
  Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** 64 MiB, of which the system hands out only the pages that are touched. It never grows: growth detaches views. */
const PAGES = 1024;

function api(): WebAssemblyApi | undefined {
  return (globalThis as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
}

/** The bytes of a module, plus 17: characters of their remainders by 83, each after one for the quotient where that is not 0. */
function moduleBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let count = 0;
  let upper = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 43) upper = (code - 39) * 83;
    else {
      bytes[count++] = upper + code - (code > 92 ? 61 : 60); // modulo 256; 92 is the backslash, which no string has
      upper = 0;
    }
  }
  return bytes.subarray(0, count);
}

/** The bits of 2^(j/256) less j << 44: see assembly/exp.ts. Only the upper half of the bits changes. */
function writePowers(buffer: ArrayBuffer, at: number): void {
  new Float64Array(buffer, at, POWERS.length).set(POWERS);
  const halves = new Int32Array(buffer, at, 2 * POWERS.length);
  for (let j = 0; j < POWERS.length; j++) halves[2 * j + 1]! -= j << 12;
}

/**
 * Compiles and starts the module over columns now. Undefined where WebAssembly or its SIMD is missing, or a content security
 * policy, or a limit on memory or on synchronous compilation, forbids it: all of these throw, each its own way, and
 * all mean that the twin runs.
 */
export function startFirst(): StartedModule | undefined {
  const webAssembly = api();
  if (webAssembly === undefined) return undefined;
  const { Memory, Module, Instance } = webAssembly;
  const attempt = <R>(start: () => R): R | undefined => {
    try {
      return start();
    } catch {
      return undefined;
    }
  };
  return attempt(() => {
    const memory = new Memory({ initial: PAGES, maximum: PAGES });
    const { buffer } = memory;
    const start = (text: string) => new Instance(new Module(moduleBytes(text)), { env: { memory } }).exports;
    // The bytes are built from assembly/modules/columns.ts, whose exports the interface lists; a test compares the names.
    const exports = start(WASM_TEXT) as WasmExports;
    writePowers(buffer, exports.POWERS.value);
    return { exports, buffer, startNext: (text) => attempt(() => start(text)) };
  });
}
