import { MpiError, shown } from '../failures/errors.js';
import type { AnyRankProgram } from './rankProgram.js';

/**
 * The function that a module exports.
 * @throws {MpiError} `ERR_MODULE` when the module cannot be loaded, or exports no such function
 */
export async function loadProgram(module: string, name: string): Promise<AnyRankProgram> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(module)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : shown(error);
    throw new MpiError(`the module ${module} cannot be loaded: ${reason}`, {
      code: 'ERR_MODULE',
      call: 'spawnRanks',
      cause: error,
    });
  }
  // A CommonJS module is the default export as a whole.
  const inner = exported.default as Readonly<Record<string, unknown>> | null | undefined;
  const program = typeof exported[name] === 'function' ? exported[name] : inner?.[name];
  if (typeof program === 'function') return program as AnyRankProgram; // the caller has promised its type
  const names = Object.keys(exported).filter((key) => typeof exported[key] === 'function');
  throw new MpiError(
    `the module ${module} exports no function "${name}"; the functions that it exports: ${names.join(', ') || 'none'}.`,
    { code: 'ERR_MODULE', call: 'spawnRanks' },
  );
}
