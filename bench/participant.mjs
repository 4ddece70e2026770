// Programs that take turns: each waits for a line, does one piece of work, and answers with one line of JSON.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One thread everywhere, so that CPU time compares. */
export const SINGLE_THREAD = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
};

export class Participant {
  #child;
  #lines;

  /**
   * @param {string} command
   * @param {readonly string[]} args
   */
  constructor(command, args) {
    this.#child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...SINGLE_THREAD },
    });
    this.#child.on('error', () => {}); // a program that is not there has no lines
    this.#child.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @returns {Promise<unknown>} the answer; undefined when the program has ended */
  async ask(request) {
    this.#child.stdin.write(`${request}\n`);
    return this.answer();
  }

  /** The next line, asked for or not: participants say that they are ready. */
  async answer() {
    const { value, done } = await this.#lines.next();
    return done ? undefined : JSON.parse(value);
  }

  end() {
    this.#child.stdin.end();
  }
}

/**
 * The other side of {@link Participant}.
 * @param {(request: string) => unknown} work
 * @param {unknown} ready  said once, when the program is ready
 */
export async function participate(work, ready = {}) {
  console.log(JSON.stringify(ready));
  for await (const request of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await work(request)));
  }
}

/** CPU nanoseconds of this process since `before` (of `process.cpuUsage()`). */
export function cpuNanoseconds(before) {
  const { user, system } = process.cpuUsage(before);
  return 1000 * (user + system);
}
