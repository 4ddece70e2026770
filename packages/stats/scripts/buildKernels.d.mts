/** Compiles assembly/ and gives the module's bytes. */
export function compileKernels(): Promise<Uint8Array>;
/** The text of wasm.generated.ts for these bytes. */
export function sourceOf(bytes: Uint8Array): string;
