/** What a page and its workers offer in place of Node: see `platform.ts`. */
import { deserialize, serialize } from './cloneBytes.js';
import type { Scheduled } from './platform.js';

// Of these the types of Node know nothing, or something else.
declare const self: { close(): void };
declare const MessageChannel: new () => {
  readonly port1: { onmessage: (() => void) | null; close(): void };
  readonly port2: { postMessage(message: unknown): void };
};

export const cloneFormat = { name: 'bytes/1', serialize, deserialize };

export function writeError(text: string): void {
  console.error(text.trimEnd());
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describeError(error.cause)}`;
  return `${error.stack ?? error}${cause}`;
}

export function endThread(code: number): never {
  self.close();
  throw new Error(`this rank has ended the job with code ${code}`);
}

export function lookSoon(look: () => void): Scheduled {
  const { port1, port2 } = new MessageChannel(); // a timer would wait for 4 ms
  port1.onmessage = () => {
    port1.close();
    look();
  };
  port2.postMessage(null);
  return ALWAYS;
}

export function lookLater(look: () => void, milliseconds: number): Scheduled {
  setTimeout(look, milliseconds);
  return ALWAYS;
}

/** A worker lives until it is ended. */
const ALWAYS: Scheduled = { unref: () => {} };

/** A page has no end of its own: nothing is ever found to be idle. */
export function whenIdle(_act: () => void): void {}

export function latin1Text(bytes: Uint8Array): string {
  return textOf(bytes.length, (i) => bytes[i]!);
}

export function utf16Text(bytes: Uint8Array): string {
  return textOf(bytes.length / 2, (i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8));
}

const PIECE = 4096;

function textOf(length: number, unit: (i: number) => number): string {
  let text = '';
  for (let start = 0; start < length; start += PIECE) {
    const units = Array.from({ length: Math.min(PIECE, length - start) }, (_, i) => unit(start + i));
    text += String.fromCharCode(...units);
  }
  return text;
}
