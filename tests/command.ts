import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a program ended and what it wrote. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a program runs; `env` is added to the environment of the tests. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, whatever that is. */
export function runToEnd(program: string, args: readonly string[], { cwd, env }: Surroundings): Promise<Ending> {
  return new Promise((resolve) => {
    // Colour codes would end up in what the tests compare, and Node warns when both variables are set.
    const { FORCE_COLOR: _, ...inherited } = process.env;
    const options = {
      cwd,
      env: { ...inherited, NO_COLOR: '1', ...env },
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    } as const;
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr: stdout + stderr === '' && error !== null ? error.message : stderr });
    });
  });
}

/** Runs a program that must succeed and returns what it printed. */
export async function output(program: string, args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(program, args, surroundings);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')}: exit code ${code}\n${stdout}\n${stderr}`);
}

/** True when a folder of PATH holds the program. */
export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
