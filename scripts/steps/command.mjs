import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the repository. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const heartbeatSeconds = 15;
const startedAt = Date.now();

/** Whole seconds since `since` (default: since the script started), as people read them. */
export function elapsed(since = startedAt) {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Prints one line that says what the script does now or what it found. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** The full path of a program, or `null` when no folder of PATH holds it. */
export function findProgram(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not in this folder: look in the next one.
    }
  }
  return null;
}

/** Runs a short command in silence: what it printed, or `null` when it cannot run, fails or takes too long. */
export function answerOf(program, args, { env = process.env, timeoutMs = 60_000 } = {}) {
  const result = spawnSync(program, args, {
    env,
    cwd: repository,
    encoding: 'utf8',
    timeout: timeoutMs,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return result.status === 0 ? `${result.stdout}${result.stderr}`.trim() : null;
}

/**
 * Runs a long command. A line every few seconds of silence says that it is still at work, so that a slow network does
 * not look like a hang. With `show` its output goes to the terminal; without, only the end of it, and only on failure.
 *
 * @returns the exit code and every line that was printed, in order
 */
export function run(title, program, args, { env = process.env, cwd = repository, show = false } = {}) {
  return new Promise((done) => {
    const since = Date.now();
    let lastPrint = Date.now();
    const lines = [];
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const heartbeat = setInterval(() => {
      if (Date.now() - lastPrint < heartbeatSeconds * 1000) return;
      lastPrint = Date.now();
      say(`  … ${title}: ${elapsed(since)}`);
    }, 1000);
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      const take = (line) => {
        lines.push(line);
        if (!show) return;
        lastPrint = Date.now();
        say(line);
      };
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        const parts = (rest + text).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) take(line);
      });
      stream.on('end', () => {
        if (rest !== '') take(rest);
      });
    }
    const finish = (code, reason) => {
      clearInterval(heartbeat);
      if (code !== 0) {
        if (!show) for (const line of lines.slice(-40)) say(`    ${line}`);
        say(`  ${title}: failed after ${elapsed(since)} (${reason})`);
      }
      done({ code, lines });
    };
    child.on('error', (error) => finish(127, error.message));
    child.on('close', (code, signal) => finish(code ?? 1, signal === null ? `exit code ${code}` : signal));
  });
}
