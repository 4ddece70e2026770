import { Worker, type WorkerOptions } from 'node:worker_threads';

// Options that name the program of this thread as a text; a worker has a file.
const OF_TEXT = /^(--input-type|--eval|--print|-e$|-p$|-pe$)/;

/**
 * Starts a worker with the options that Node itself was started with. Those that hold for the whole process, such as
 * `--max-old-space-size`, hold for its workers anyway, and Node refuses them here.
 * @param added  further options
 */
export function startWorker(script: string | URL, options: WorkerOptions, added: readonly string[] = []): Worker {
  const start = (inherited: readonly string[]): Worker =>
    new Worker(script, { ...options, execArgv: [...inherited, ...added] });
  const inherited = withoutText(process.execArgv);
  try {
    return start(inherited);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    const refused = message.slice(message.indexOf(':') + 1).split(',');
    const names = refused.map((flag) => flag.trim());
    return start(inherited.filter((flag) => !names.includes(flag)));
  }
}

/** Leaves out the text of a program and the options that say so: `node --input-type=module -e 'text'`. */
function withoutText(flags: readonly string[]): readonly string[] {
  return flags.filter(
    (flag, i) => !OF_TEXT.test(flag) && !/^(-e|-p|-pe|--eval|--print|--input-type)$/.test(flags[i - 1] ?? ''),
  );
}
