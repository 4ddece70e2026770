/** What Node offers and a page does not. The build for pages has `platform.browser.ts` in place of this file. */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { DefaultDeserializer, serialize } from 'node:v8';

/** What Node does for typed arrays and data views, which V8 leaves to it. Its types do not list it. */
const { _readHostObject: readView } = DefaultDeserializer.prototype as unknown as {
  _readHostObject(this: DefaultDeserializer): ArrayBufferView;
};

/**
 * `deserialize` of Node makes typed arrays that are views on the bytes, where these happen to be aligned: they would change with
 * the next message. Here each gets memory of its own.
 */
class CopyingDeserializer extends DefaultDeserializer {
  _readHostObject(): ArrayBufferView {
    const view = readView.call(this);
    const { buffer, byteOffset, byteLength } = view;
    if (byteLength === buffer.byteLength) return view; // Node has copied it
    if (view instanceof DataView) return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
    // That of all typed arrays; the slice of a Buffer would be a view.
    return Uint8Array.prototype.slice.call(view);
  }
}

/** Any value as bytes, and back: structured clone. */
export const cloneFormat = {
  /** Differs between formats that cannot read each other's bytes. */
  name: `node:v8/${process.versions.node.split('.')[0]}`,
  serialize: serialize as (value: unknown) => Uint8Array,
  /** The value. Keeps no view on `bytes`. */
  deserialize(bytes: Uint8Array): unknown {
    const reader = new CopyingDeserializer(bytes);
    reader.readHeader();
    return reader.readValue();
  },
};

/** Writes a text to standard error at once, if it is open. */
export function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error is closed: the exit code still shows the failure.
  }
}

/** An error with its stack, its cause and its fields. */
export function describeError(error: unknown): string {
  return inspect(error, { colors: false, depth: 3 });
}

/** Ends this process, or this worker thread. */
export function endThread(code: number): never {
  return process.exit(code);
}

/** What will run. It does not keep a thread alive once `unref` has been called. */
export interface Scheduled {
  unref(): unknown;
}

/** Runs `look` after the events that are due. */
export function lookSoon(look: () => void): Scheduled {
  return setImmediate(look);
}

/** Runs `look` after so many milliseconds. */
export function lookLater(look: () => void, milliseconds: number): Scheduled {
  return setTimeout(look, milliseconds);
}

/** Runs `act` when the event loop has nothing else to do. */
export function whenIdle(act: () => void): void {
  process.on('beforeExit', act);
}

/** Code units of one byte as a text. */
export function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Code units of two bytes, the low one first, as a text. Lone surrogates stay as they are. */
export function utf16Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf16le');
}
